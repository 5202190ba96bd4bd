"""What the page says around a conversation, in Chinese and in English: turns, evidence, reading room, settings.

Knows words only. `qa.web.texts` has the other half and hands these out as its `talk`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TalkWords:
    """Every text of the conversation in one language."""

    copy: str
    copied: str
    waits: str
    again: str
    edit: str
    good: str
    bad: str
    export_markdown: str
    export_word: str
    exported: str
    asked_of: str
    asked_some: str
    instead: str
    asked_dates: str
    stopped_early: str
    looked_for: str
    read_article: str
    read_raw: str
    try_next: str
    try_instead: str
    why: str
    searched_as: str
    why_order: str
    by_reading: str
    not_read: str
    computed: str
    passage: str
    by_words: str
    by_meaning: str
    together: str
    place: str
    not_found_by: str
    used_as: str
    stages: Mapping[str, str]
    stage_seconds: str
    close: str
    clean: str
    raw: str
    raw_note: str
    contents: str
    previous_quote: str
    next_quote: str
    quote_count: str
    gone: str
    cut: str
    author: str
    conversations: str
    search_conversations: str
    no_conversations: str
    rename: str
    delete: str
    delete_sure: str
    untitled: str
    kept_here: str
    storage_full: str
    settings: str
    caution: str
    cautions: Mapping[str, str]
    passages: str
    passages_hint: str
    language: str
    looks: str
    looks_of: Mapping[str, str]
    text_size: str
    sizes: Mapping[str, str]
    single_keys: str
    model: str
    shortcuts: str
    keys: Mapping[str, str]
    what_is_wrong: str
    sentence_wrong: str
    source_silent: str
    right_passage: str
    none_of_these: str
    right_answer: str
    note: str
    send_rating: str
    cancel: str
    rating_kept: str
    rating_failed: str
    answer_ready: str


CHINESE = TalkWords(
    copy="复制",
    copied="已复制，连同出处",
    waits="这个回答写完就问。",
    again="再问一次",
    edit="改一改再问",
    good="答得对",
    bad="有问题",
    export_markdown="导出为 Markdown",
    export_word="导出为 Word",
    exported="已导出",
    asked_of="问的是{name}（{count} 篇）",
    asked_some="选定的 {count} 篇",
    instead="{model}（{other} 的回答没有通过核对）",
    asked_dates="{since} 至 {until}",
    stopped_early="已停止，还没有写出内容。",
    looked_for="查找的是“{question}”，{count} 个最相近的段落都没有直接说到。",
    read_article="读全文",
    read_raw="看原文",
    try_next="还可以问",
    try_instead="这些文章能回答的问题",
    why="为什么是这些段落？",
    searched_as="查找时的问题",
    why_order="按读后的次序。分数只在本题内可比。",
    by_reading="阅读",
    not_read="没有细读",
    computed="由所引内容得出",
    passage="段落",
    by_words="字词",
    by_meaning="意思",
    together="合并",
    place="第 {rank} · {score}",
    not_found_by="未找到",
    used_as="用作出处 {numbers}",
    stages={"rewrite": "理解问题", "search": "查找", "read": "细读", "write": "写", "check": "核对", "total": "合计"},
    stage_seconds="各步用时",
    close="关闭",
    clean="整理后",
    raw="原文",
    raw_note="这一篇未作修补，原文与整理后相同。",
    contents="目录",
    previous_quote="上一处",
    next_quote="下一处",
    quote_count="引用 {count} 处",
    gone="这篇文章已不在这批文章里。",
    cut="全文太长，这里是引用处前后的部分（第 {start} 到 {end} 字，共 {total} 字）。",
    author="作者",
    conversations="对话",
    search_conversations="搜索对话",
    no_conversations="还没有对话。问过的会自动留在这里，只存在这个浏览器里。",
    rename="改名",
    delete="删除",
    delete_sure="再点一次，删除这段对话",
    untitled="（无题）",
    kept_here="对话只存在这个浏览器里。",
    storage_full="浏览器给的存储空间满了，这段对话没有存下。请删去一些旧对话。",
    settings="设置",
    caution="回答的把握",
    cautions={"careful": "谨慎：宁可不答", "balanced": "适中", "eager": "大胆：尽量回答"},
    passages="参考的段落数",
    passages_hint="找出多少个段落；内置的阅读模型细读其中最前面的四到八段",
    language="语言",
    looks="外观",
    looks_of={"auto": "随系统", "light": "浅色", "dark": "深色"},
    text_size="字号",
    sizes={"100": "标准", "115": "大", "130": "更大"},
    single_keys="用单个按键作快捷键",
    model="由谁回答",
    shortcuts="快捷键",
    keys={
        "/": "写问题",
        "n": "新对话",
        "h": "对话列表",
        "s": "设置",
        "c": "复制最新的回答",
        "r": "再问一次",
        "e": "改一改再问",
        "1–9": "看最新回答的第几条出处",
        "[ ]": "读全文时上一处、下一处引用",
        "Esc": "停止回答；关闭打开的面板",
        "?": "这张表",
    },
    what_is_wrong="哪里有问题？",
    sentence_wrong="这句不对",
    source_silent="出处没有这样说",
    right_passage="正确的段落是",
    none_of_these="都不是",
    right_answer="正确的答案（可以不填）",
    note="补充说明（可以不填）",
    send_rating="提交",
    cancel="取消",
    rating_kept="谢谢，已经记下。这些评价可以作为问题集来评测。",
    rating_failed="评价没能存下",
    answer_ready="回答好了：",
)

ENGLISH = TalkWords(
    copy="Copy",
    copied="Copied with its sources",
    waits="It will be asked as soon as this answer is written.",
    again="Ask again",
    edit="Edit and ask anew",
    good="This is right",
    bad="Something is wrong",
    export_markdown="Export as Markdown",
    export_word="Export as Word",
    exported="Exported",
    asked_of="Asked of {name} ({count})",
    asked_some="{count} chosen articles",
    instead="{model} (the answer of {other} did not stand)",
    asked_dates="{since} to {until}",
    stopped_early="Stopped before anything was written.",
    looked_for="Looked for “{question}”; none of the {count} nearest passages says it outright.",
    read_article="Whole article",
    read_raw="As it was",
    try_next="You could also ask",
    try_instead="Questions that these articles answer",
    why="Why these passages?",
    searched_as="Searched for",
    why_order="In the order after reading. Scores compare within one question only.",
    by_reading="reading",
    not_read="not read closely",
    computed="worked out from what is cited",
    passage="Passage",
    by_words="Words",
    by_meaning="Meaning",
    together="Together",
    place="No. {rank} · {score}",
    not_found_by="not found",
    used_as="used as evidence {numbers}",
    stages={
        "rewrite": "understand",
        "search": "search",
        "read": "read",
        "write": "write",
        "check": "check",
        "total": "in all",
    },
    stage_seconds="Seconds per stage",
    close="Close",
    clean="Repaired",
    raw="As it was",
    raw_note="This article needed no repair; it reads the same.",
    contents="Contents",
    previous_quote="Previous",
    next_quote="Next",
    quote_count="{count} quotes",
    gone="This article is no longer in the collection.",
    cut="The article is long; this is the part around the quote (characters {start} to {end} of {total}).",
    author="By",
    conversations="Conversations",
    search_conversations="Search conversations",
    no_conversations="No conversations yet. What you ask is kept here, in this browser only.",
    rename="Rename",
    delete="Delete",
    delete_sure="Click again to delete this conversation",
    untitled="(untitled)",
    kept_here="Conversations are kept in this browser only.",
    storage_full="The browser's storage is full; this conversation was not kept. Delete some old ones.",
    settings="Settings",
    caution="How sure to be",
    cautions={
        "careful": "Careful: rather no answer",
        "balanced": "Balanced",
        "eager": "Eager: answer if at all possible",
    },
    passages="Passages",
    passages_hint="how many passages are found; the embedded reader reads the first four to eight closely",
    language="Language",
    looks="Appearance",
    looks_of={"auto": "As the system", "light": "Light", "dark": "Dark"},
    text_size="Text size",
    sizes={"100": "Standard", "115": "Large", "130": "Larger"},
    single_keys="Use single keys as shortcuts",
    model="Who answers",
    shortcuts="Keyboard shortcuts",
    keys={
        "/": "Write a question",
        "n": "New chat",
        "h": "Conversations",
        "s": "Settings",
        "c": "Copy the newest answer",
        "r": "Ask again",
        "e": "Edit and ask anew",
        "1–9": "Go to that evidence of the newest answer",
        "[ ]": "Previous and next quote in an article",
        "Esc": "Stop the answer; close what is open",
        "?": "This list",
    },
    what_is_wrong="What is wrong?",
    sentence_wrong="This sentence is wrong",
    source_silent="The source does not say it",
    right_passage="The right passage is",
    none_of_these="None of these",
    right_answer="The right answer (optional)",
    note="A note (optional)",
    send_rating="Send",
    cancel="Cancel",
    rating_kept="Thank you, noted. Ratings are a question set that can be evaluated with.",
    rating_failed="The rating could not be kept",
    answer_ready="Answered: ",
)
