"""``python -m utbildningsdata`` is the ``utbildningsdata`` command."""

from utbildningsdata.cli import main

main()
