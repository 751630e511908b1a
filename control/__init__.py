"""The pages: one blueprint, its safety headers and its error pages."""

from control.assets import Assets, bootstrap_folder
from control.blueprint import blueprint
from control.console import blueprint as console
from control.pages import Pages, PageSettings

__all__ = ["Assets", "PageSettings", "Pages", "blueprint", "bootstrap_folder", "console"]
