"""Running the notebooks: what is out of date (plan), warm kernels (kernels), the run itself (runner).

Statistics are not known here; notebooks and results are files.
"""

from castlib import lazy

lazy.skip_address_grammars()  # half of papermill's own start
