# 问据 Wenju. `make` alone lists what there is to do; nothing here needs more than Python, make and a shell.
PYTHON ?= python3
VENV ?= .venv
ARGS ?=
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt
# Threads that spin while they wait for each other are slow as soon as another program is busy.
export OMP_WAIT_POLICY = PASSIVE

.PHONY: help chat lint check test clean

help:
	@echo "make chat    安装并打开问答页面          install, and open the chat in the browser"
	@echo "make check   一分钟内的检查：格式、类型、快的测试  lint, types and fast tests, in a minute"
	@echo "make test    安装测试工具并运行全部检查  install what tests need, and run all checks"
	@echo "make clean   删去安装的和生成的文件      remove what was installed and generated"
	@echo
	@echo "PYTHON=python3.12 make chat           换一个 Python           with another Python"
	@echo "make chat ARGS=\"--articles 文章/\"     问自己的文章            ask articles of your own"

chat: $(VENV)/.installed
	$(BIN)/wenju chat $(ARGS)

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m pytest -m "not slow and not browser" $(ARGS)

test: lint
	@command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null \
		|| echo "没有 Chromium，浏览器测试将跳过。No Chromium: browser tests will be skipped."
	$(BIN)/python -m pytest -v -rs $(ARGS)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# rjieba cuts words faster, and rapidocr reads scans; they are not built for every machine. jieba does the same work as
# rjieba; without rapidocr scans are named, and not read.
$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "正在安装，需要几分钟……  Installing, this takes a few minutes …"
	$(PIP) --only-binary rjieba,onnxruntime,opencv-python-headless -e ".[fast,ocr]" || $(PIP) -e ".[ocr]" || $(PIP) -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(PIP) -e ".[dev]"
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "需要 Python 3.11 或更新的版本，$(PYTHON) 不是。请安装后用 PYTHON=python3.12 make chat 这样指定。"; \
		echo "Python 3.11 or newer is needed, $(PYTHON) is not. Install one and name it: PYTHON=python3.12 make chat"; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@
