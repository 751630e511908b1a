"""The pages: one blueprint, its safety headers and its error pages."""

from control.assets import Assets, bootstrap_folder
from control.console import blueprint as console
from control.pages import Pages, PageSettings, blueprint

__all__ = ["Assets", "PageSettings", "Pages", "blueprint", "bootstrap_folder", "console"]
