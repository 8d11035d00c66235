"""Who reads a requirements file by itself, or by its name, and is no Dockerfile, workflow or script.

date: 2026-11-30
file = a glob of the path; holds, lacks = texts that must stand in it, and must not; always = read without being named
there; alone = it installs that list, and no project; hidden = only where that ignore file keeps pyproject.toml or
uv.lock from the platform.
"""

TABLE = {
    "reader": [
        {
            "file": "*environment*.y*ml",
            "who": "conda",
            "source": "https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html",
        },
        {
            "file": "app.yaml",
            "holds": "runtime:",
            "lacks": "runtime: custom",
            "always": "requirements.txt",
            "alone": True,
            "who": "Google App Engine",
            "source": "https://cloud.google.com/appengine/docs/standard/python3/specifying-dependencies",
        },
        {
            "file": "host.json",
            "always": "requirements.txt",
            "who": "Azure Functions",
            "source": "https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference-python#package-management",
        },
        {
            "file": "serverless.y*ml",
            "always": "requirements.txt",
            "who": "Serverless",
            "source": "https://www.serverless.com/plugins/serverless-python-requirements",
        },
        {
            "file": ".ebextensions/*.config",
            "always": "requirements.txt",
            "who": "Elastic Beanstalk",
            "source": "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/python-configuration-requirements.html",
        },
        {
            "file": "manifest.y*ml",
            "holds": "python_buildpack",
            "always": "requirements.txt",
            "alone": True,
            "who": "Cloud Foundry",
            "source": "https://docs.cloudfoundry.org/buildpacks/python/index.html",
        },
        {
            "file": "*.y*ml",
            "holds": "azure/webapps-deploy@",
            "lacks": "images:",
            "always": "requirements.txt",
            "alone": True,
            "who": "Azure App Service",
            "source": "https://learn.microsoft.com/en-us/azure/app-service/configure-language-python",
        },
        {
            "file": "template.y*ml",
            "holds": "AWS::Serverless",
            "always": "requirements.txt",
            "who": "AWS SAM",
            "source": "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html",
        },
        {
            "file": ".chalice/config.json",
            "always": "requirements.txt",
            "who": "Chalice",
            "source": "https://aws.github.io/chalice/topics/packaging.html",
        },
        {
            "file": "README.md",
            "holds": "\nsdk: gradio",
            "always": "requirements.txt",
            "who": "Hugging Face",
            "source": "https://huggingface.co/docs/hub/spaces-dependencies",
        },
        {
            "file": "README.md",
            "holds": "\nsdk: streamlit",
            "always": "requirements.txt",
            "who": "Hugging Face",
            "source": "https://huggingface.co/docs/hub/spaces-dependencies",
        },
        {
            "file": ".readthedocs.y*ml",
            "who": "Read the Docs",
            "source": "https://docs.readthedocs.com/platform/stable/config-file/v2.html#python-install",
        },
        {
            "file": ".vercelignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Vercel",
            "source": "https://vercel.com/docs/deployments/vercel-ignore",
        },
        {
            "file": ".gcloudignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Google Cloud",
            "source": "https://cloud.google.com/sdk/gcloud/reference/topic/gcloudignore",
        },
        {
            "file": ".slugignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Heroku",
            "source": "https://devcenter.heroku.com/articles/slug-compiler#ignoring-files-with-slugignore",
        },
        {
            "file": ".railwayignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Railway",
            "source": "https://docs.railway.com/cli/up",
        },
        {
            "file": ".ebignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Elastic Beanstalk",
            "source": "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/eb-cli3-configuration.html#eb-cli3-ebignore",
        },
        {
            "file": ".cfignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Cloud Foundry",
            "source": "https://docs.cloudfoundry.org/devguide/deploy-apps/prepare-to-deploy.html#exclude",
        },
        {
            "file": ".funcignore",
            "always": "requirements.txt",
            "hidden": True,
            "alone": True,
            "who": "Azure Functions",
            "source": "https://learn.microsoft.com/en-us/azure/azure-functions/functions-core-tools-reference",
        },
        {
            "file": "vercel.json",
            "holds": "@vercel/python",
            "alone": True,
            "who": "Vercel",
            "source": "https://vercel.com/docs/functions/runtimes/python",
        },
        {"file": "tox.ini", "who": "tox", "source": "https://tox.wiki/en/latest/config.html#deps"},
        {"file": "noxfile.py", "who": "nox", "source": "https://nox.thea.codes/en/stable/config.html"},
        {"file": "*.py", "who": "the code itself", "source": "https://docs.python.org/3/library/functions.html#open"},
    ],
}
