"""Harvest a feed as CKAN does and print what it made of each dataset, as JSON.

Run by a Python that has CKAN and ckanext-dcat, which are AGPL and so no part of this project:
``python ckan_harvest.py http://localhost:8000/catalog.rdf``. No database is needed.
"""

import json
import sys


def main(address: str) -> None:
    """Fetch with the harvester's own HEAD and GET, and parse with its own parser."""
    from ckanext.dcat.harvesters.base import DCATHarvester  # type: ignore[import-not-found]
    from ckanext.dcat.processors import RDFParser  # type: ignore[import-not-found]

    content, media_type = DCATHarvester()._get_content_and_type(address, None)
    parser = RDFParser()
    parser.parse(content, _format=media_type)
    print(json.dumps({"media_type": media_type, "datasets": list(parser.datasets())}))


if __name__ == "__main__":
    main(sys.argv[1])
