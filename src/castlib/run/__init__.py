"""Running the notebooks: what is out of date (plan), warm kernels (kernels), the run itself (runner).

Statistics are not known here; notebooks and results are files.
"""

import sys

# jsonschema would compile the grammar of internet addresses, half of papermill's own start: a second.
# Notebooks are checked against their schema without it.
sys.modules.setdefault("rfc3987_syntax", None)
