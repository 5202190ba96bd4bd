"""What would answer a question (a person, a time, a number …), told by its cue words; and what it is about: the rest.

Knows the question's text only. Which way it wants to be answered is told by `qa.questions.intents`. When answering,
only "how_many" is asked for (`qa.reading.mismatches`): the other types the reader knows by itself. Drafting needs all.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

AnswerType = Literal["who", "when", "how_many", "where", "why", "which", "how", "definition", "yes_no", "other"]
ANSWER_TYPES: tuple[AnswerType, ...] = get_args(AnswerType)

_PLACE = "(?:省|市|县|区|国家|地区|城市|地方|街道|社区|村|镇|乡|州|洲|岛|大学|医院)"


def _ends_in(words: str) -> str:
    return rf"^(?!.*什么).*(?:{words})[?？]?$"


# The first pattern that matches decides: what is said outright (多少) before what is vague (什么).
_CUES: tuple[tuple[AnswerType, str], ...] = (
    ("why", r"(?<![选评称认视])(?<![^完]成)(?<![命取改]名)为什么|为何|为啥|原因|缘由|何以|怎么会"),
    (
        "when",
        r"什么时候|什么时间|何时|哪一?[年天日月]|几[月号年日]|哪个(?:年|月|世纪|时期|朝代)|什么(?:时期|年代|朝代)|日期"
        r"|(?<!多长)时间(?:是|[?？]?$)|多会儿",
    ),
    (
        "how_many",
        r"多少|几(?![乎种本])|(?<![许众很更诸])多[大高长远久重宽深快]|百分之几|几率|[数人户]量?是$"
        r"|^(?!.*哪).*(?:占比|比例)",
    ),
    (
        "who",
        r"谁|哪[位名]|何人|什么人|哪一?[个些]人"
        r"|(?:书记|主任|市长|局长|作者|导演|校长|负责人|创始人)(?:叫什么|是什么)|人(?:姓名)?叫什么",
    ),
    ("where", rf"哪里|哪儿|何处(?![理置罚分])|何地|什么地方|什么地点|在哪|到哪|从哪|哪一?个?{_PLACE}|位于|地点"),
    ("yes_no", r"是否|是不是|有没有|能否|可否|吗[?？]?$|是真的"),
    ("definition", r"什么是|是指什么|指的?是什么|是什么意思|含义|的定义|何谓"),
    ("which", r"哪[些几种类]|哪一?[个项家所条部款]|分别|包括(?:什么|哪)|有什么|几种"),
    ("how", r"如何|怎么|怎样|怎么样|什么方式|什么办法|什么方法|咋"),
    ("who", r"人物是|的人是"),
    # As one types into a search box: 2017年云雾茶产量, 《城南旧事》的导演.
    (
        "how_many",
        _ends_in("量|率|[人户]数|票房|增速|收入|面积|[总金]额|总[数值]|价格|造价|比分|身高|海拔|[长宽高]度|年龄"),
    ),
    ("who", _ends_in("导演|主演|编剧|作者|总[统理裁]|首相|书记|[市校院局区县省]长|教练|创始人")),
    ("where", _ends_in("起点|终点|举办地|所在地|产地|籍贯")),
)
_WORDS = re.compile(
    r"请问|我想知道|告诉我|你知道|文中|文章中?|根据[^，,]{0,6}[，,]|什么时候|什么时间|什么地方|什么地点|什么原因|什么样的?|什么|多少|哪一?[年天日月个些位名里儿几种类项家所条部款]"
    r"|[何谁哪几]|为何|为什么|怎么样?|怎样|如何|是否|是不是|有没有|能否|多[大高长远久重宽深快]|分别|吗|呢|[?？。！!]"
)


def answer_type_of(question: str) -> AnswerType:
    """What `question` asks for: the kind of the first cue that fits, "other" for 是什么 and the rest."""
    return next((kind for kind, cue in _CUES if re.search(cue, question)), "other")


def subject_of(question: str) -> str:
    """`question` without its question words: what it is about."""
    return _WORDS.sub(" ", question).strip()
