"""What is written down from the code itself: event pages, AsyncAPI and OpenAPI documents, frozen JSON Schemas and examples.

Only `python -m deploy.docs` writes them; `--check` fails where one is stale or a schema was broken.
"""
