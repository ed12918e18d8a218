# SPDX-License-Identifier: Apache-2.0
# What pages carry (asset.def) goes into one object, which is assembled again when a file of it changes: not by ccache, which
# does not see into .incbin.
PAGE_DYGRAPHS ?= /usr/share/javascript/dygraphs
PAGE_ASSETS = $(wildcard analysis/page/*.css analysis/page/*.js) $(addprefix $(PAGE_DYGRAPHS)/,dygraph.min.js dygraph.min.css)
$(PAGE_DYGRAPHS)/%:
	@echo "$@ is missing. Run 'make deps' first: it installs libjs-dygraphs, or says how."; exit 1
$(B)/analysis/page/asset.o: $(PAGE_ASSETS)
$(B)/analysis/page/asset.o: private USE_analysis += -DPAGE_DYGRAPHS='"$(PAGE_DYGRAPHS)"'
