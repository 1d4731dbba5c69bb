"""What these tests share with those of the pages: a server of samples, templates that bear no unknown name."""

from tests.pages.conftest import sample_site, strict_templates

__all__ = ["sample_site", "strict_templates"]
