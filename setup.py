from setuptools import find_packages, setup

found = find_packages(include=["core*", "gui*", "resources*"])
setup(packages=["counterpoise." + name for name in found])
