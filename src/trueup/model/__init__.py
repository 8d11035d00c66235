"""The nouns: frozen, typed, without I/O.

They are ``typing.NamedTuple`` and small slotted classes, never dataclasses: importing
``dataclasses`` alone doubles the start of the interpreter.
"""
