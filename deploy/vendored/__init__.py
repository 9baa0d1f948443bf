"""Files of others that the pages carry along: fetched from npm, compared with what is listed, and the map made of one of them."""
