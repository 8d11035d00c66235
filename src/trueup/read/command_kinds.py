"""THE TABLE of command lines: where, outside Python, they stand.

A row is ``kind | files | where``, as in ``reference_kinds``. ``where`` may be ``sh``, ``powershell``, ``cmd``,
``shebang``, ``docker``, ``procfile``, ``recipes``, ``fences``, ``literals``, ``groovy``, ``javascript``,
``session.run`` or ``ctx.run``, too.
"""

COMMANDS = """
compose      | *compose*.y*ml | services.*.command services.*.entrypoint services.*.healthcheck.test
ci           | .github/workflows/*.y*ml .gitea/workflows/*.y*ml .forgejo/workflows/*.y*ml | jobs.*.steps.run
ci           | action.y*ml .github/actions/**/action.y*ml | runs.steps.run
ci           | .gitlab-ci.yml .gitlab/**.yml | before_script after_script *.script *.before_script *.after_script
ci           | .travis.yml | install script before_script before_install after_success
ci           | appveyor.yml .appveyor.yml | init install before_build build_script before_test test_script
ci           | .drone.yml .woodpecker.y*ml .woodpecker/*.y*ml | **.commands
ci           | azure-pipelines*.yml .azure/**.yml | **.script **.bash **.pwsh **.powershell
ci           | bitbucket-pipelines.yml | **.script
ci           | .circleci/config.yml | **.run **.run.command
ci           | cloudbuild.y*ml | steps.args
platform     | render.y*ml | services.*Command
platform     | fly.toml | processes.* deploy.release_command experimental.cmd experimental.entrypoint
platform     | railway.json railway.toml | deploy.startCommand build.buildCommand
platform     | netlify.toml | build.command
platform     | vercel.json | installCommand buildCommand devCommand
platform     | nixpacks.toml | start.cmd phases.*.cmds
platform     | heroku.yml | run.* release.command
platform     | app.yaml | entrypoint
platform     | apprunner.yaml | run.command build.commands.*
platform     | buildspec.yml | phases.*.commands
kubernetes   | k8s/**.y*ml kubernetes/**.y*ml deploy/**.y*ml helm/**.y*ml | **.containers.command **.containers.args
kubernetes   | k8s/**.y*ml kubernetes/**.y*ml | **.initContainers.command **.initContainers.args
kubernetes   | deploy/**.y*ml helm/**.y*ml | **.initContainers.command **.initContainers.args
kubernetes   | chart/**.y*ml charts/**.y*ml manifests/**.y*ml | **.containers.command **.containers.args
kubernetes   | chart/**.y*ml charts/**.y*ml manifests/**.y*ml | **.initContainers.command **.initContainers.args
kubernetes   | *task*def*.json ecs*.json ecs/**.json .aws/**.json | **.containerDefinitions.command
kubernetes   | *task*def*.json ecs*.json ecs/**.json .aws/**.json | **.containerDefinitions.healthCheck.command
pre-commit   | .pre-commit-config.yaml | repos.hooks.entry repos.hooks.args
tasks        | lefthook.y*ml .lefthook.y*ml | *.commands.*.run *.jobs.run *.jobs.*.run
tasks        | pyproject.toml | tool.taskipy.tasks.* tool.taskipy.tasks.*.cmd
tasks        | pyproject.toml | tool.pdm.scripts.* tool.pdm.scripts.*.cmd tool.pdm.scripts.*.shell
tasks        | pyproject.toml | tool.poe.tasks.* tool.poe.tasks.*.cmd
tasks        | pyproject.toml | tool.poe.tasks.*.shell tool.rye.scripts.* tool.rye.scripts.*.cmd
tasks        | pyproject.toml | tool.hatch.envs.*.scripts.* tool.hatch.scripts.* tool.thx.jobs.* tool.thx.jobs.*.run
tasks        | Taskfile.y*ml | tasks.*.cmds tasks.*.cmds.cmd
tasks        | package.json Pipfile | scripts.*
vscode       | .vscode/launch.json | configurations.args
tasks        | .vscode/tasks.json | tasks.command
tox          | tox.ini setup.cfg | *.commands *.commands_pre *.commands_post
tox          | pyproject.toml | tool.tox.**.commands
devcontainer | *devcontainer.json .devcontainer/**.json | onCreateCommand updateContentCommand postCreateCommand
devcontainer | *devcontainer.json .devcontainer/**.json | postStartCommand postAttachCommand initializeCommand
devcontainer | *devcontainer.json .devcontainer/**.json | onCreateCommand.* updateContentCommand.* postCreateCommand.*
devcontainer | *devcontainer.json .devcontainer/**.json | postStartCommand.* postAttachCommand.* initializeCommand.*
devcontainer | .gitpod.y*ml | tasks.before tasks.init tasks.command
systemd      | *.service | Service.ExecStart Service.ExecStartPre Service.ExecStartPost Service.ExecReload
supervisor   | supervisor*.conf **/*supervisor*/*.conf **/*supervisor*/*.ini | *.command
shell        | crontab | sh
ci           | Jenkinsfile* *.jenkinsfile | groovy
dockerfile   | Dockerfile* *.Dockerfile dockerfile* *.dockerfile Containerfile* | docker
procfile     | Procfile* | procfile
procfile     | .github/workflows/*.y*ml | jobs.*.steps.with.startup-command
make         | Makefile makefile GNUmakefile *.mk | recipes
just         | justfile Justfile .justfile | recipes
shell        | *.sh *.bash *.zsh .envrc | sh
shell        | **/.husky/* | sh
shell        | *.ps1 | powershell
shell        | *.bat *.cmd | cmd
shell        | **/{scripts,script,bin,docker,.docker,deploy,compose,.githooks}/** | shebang
shell        | start start-* start_* run run-* entrypoint entrypoint-* docker-entrypoint prestart worker boot | shebang
readme       | *.md *.markdown *.mdx *.mdc .cursorrules .windsurfrules .clinerules .cursor/rules | fences
readme       | *.rst | literals
pm2          | ecosystem.config.js ecosystem.config.cjs ecosystem.config.json pm2*.js* | javascript
nox          | noxfile.py | session.run
tasks        | tasks.py fabfile.py | ctx.run
"""
