"""`python -m guildhall.server.cli`: the same as `guildhall`, in the interpreter that was named."""

from guildhall.server.cli import main

main()
