"""What the page says of models: which there are, what they cost, and how getting one goes on. Fields as in `Words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelWords:
    """Every text about models in one language."""

    model: str
    title: str
    hint: str
    change: str
    server_model: str
    server_about: str
    embedded_about: str
    parameters: str
    to_download: str
    on_disk: str
    memory: str
    recommended: str
    larger_models: str
    no_downloads: str
    in_use: str
    use_model: str
    get_model: str
    asking_size: str
    offer: str
    get_and_use: str
    not_now: str
    stop_getting: str
    getting_ready: str
    downloading: str
    loading: str
    not_offered: str
    now_answers: str
    sources_of_models: Mapping[str, str]


CHINESE = ModelWords(
    model="模型",
    title="模型",
    hint="谁来写回答。查找文章、注明出处、逐句核对，对每个模型都一样。",
    change="换一个模型",
    server_model="模型服务",
    server_about="本站连接的模型服务",
    embedded_about="不用下载，立刻回答，用文章的原话",
    parameters="{count} 参数",
    to_download="下载约 {size}",
    on_disk="占磁盘 {size}",
    memory="内存约 {size}",
    recommended="推荐的开放模型",
    larger_models="更大的模型",
    no_downloads="下载要占运行本程序的电脑的磁盘，只能在那台电脑上进行：",
    in_use="使用中",
    use_model="选用",
    get_model="下载",
    asking_size="正在查询 {name} 的大小",
    offer="{name} 要从{source}下载 {size}（{bytes} 字节），下载完就换用它。",
    get_and_use="下载并使用",
    not_now="不用了",
    stop_getting="停止下载",
    getting_ready="准备下载",
    downloading="正在下载",
    loading="正在装入 {name}",
    not_offered="没有可以这样选用的模型 {name}。",
    now_answers="现在由 {name} 回答。",
    sources_of_models={"hub": "模型库", "modelscope": "魔搭"},
)

ENGLISH = ModelWords(
    model="Model",
    title="Models",
    hint="Who writes the answer. Searching, citing and checking every sentence are the same for all.",
    change="Choose another model",
    server_model="model server",
    server_about="the server that this page is connected to",
    embedded_about="nothing to download, answers at once, in the articles' own words",
    parameters="{count} parameters",
    to_download="about {size} to download",
    on_disk="{size} on disk",
    memory="about {size} of memory",
    recommended="Recommended open models",
    larger_models="Larger models",
    no_downloads="Downloads fill the disk of the computer that runs this program, and are made there:",
    in_use="In use",
    use_model="Use",
    get_model="Download",
    asking_size="Asking for the size of {name}",
    offer="{name}: {size} to download ({bytes} bytes) from {source}. It answers as soon as it is here.",
    get_and_use="Download and use",
    not_now="Not now",
    stop_getting="Stop the download",
    getting_ready="Preparing",
    downloading="Downloading",
    loading="Loading {name}",
    not_offered="There is no model {name} to choose in this way.",
    now_answers="{name} answers from now on.",
    sources_of_models={"hub": "the hub", "modelscope": "ModelScope"},
)
