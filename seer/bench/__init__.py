"""`seer bench`: a suite of kernels run in several settings, its figures, and the guard over them."""
