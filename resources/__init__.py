"""Icons, fonts, templates and texts that ship with the program."""
