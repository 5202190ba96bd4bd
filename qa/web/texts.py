"""What the chat page says, in Chinese and in English.

Knows words only: no HTML, no Gradio, no answers. `words("zh")` and `words("en")` have the same fields, so a text that
is missing in one language is a type error and not a hole in the page. Braces are filled by `str.format`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.languages import pick
from qa.web import texts_models, texts_shelf, texts_talk
from qa.web.texts_models import ModelWords
from qa.web.texts_shelf import ShelfWords
from qa.web.texts_talk import TalkWords


@dataclass(frozen=True, slots=True)
class Words:
    """Every text of the page in one language."""

    language: str
    locale: str
    name: str
    tagline: str
    welcome: str
    welcome_more: str
    try_these: str
    own_articles_link: str
    placeholder: str
    keys: str
    send: str
    stop: str
    new_chat: str
    question: str
    understood_as: str
    searching: str
    writing: str
    waited: str
    passages_read: str
    stopped: str
    failed: str
    crashed: str
    request_number: str
    empty_question: str
    refused: str
    unsupported: str
    unsupported_because: str
    unsure: str
    unanswered: str
    seconds: str
    sources: str
    nearest: str
    mark: str
    back: str
    untitled: str
    articles: str
    sample_articles: str
    own_articles: str
    asked: str
    size: str
    titles: str
    titles_cut: str
    no_date: str
    put_in: str
    put_in_hint: str
    drop_here: str
    kept_where: str
    reading: str
    stages: Mapping[str, str]
    rate: str
    remaining: str
    remaining_minutes: str
    file_taken: str
    file_failed: str
    sending: str
    embedded_model: str
    ready: str
    nothing_taken: str
    port_taken: str
    talk: TalkWords
    shelf: ShelfWords
    models: ModelWords


CHINESE = Words(
    language="zh",
    locale="zh-CN",
    name="问据",
    tagline="对一批中文文章提问，每句回答都有出处。",
    welcome="想从文章里知道什么？",
    welcome_more="回答只根据这些文章，每句后面的编号就是出处，点一下便能核对。文章里没有的，会直说没有。",
    try_these="试着问",
    own_articles_link="也可以放入自己的文章再问",
    placeholder="写下问题，按 Enter 发送",
    keys="Enter 发送，Shift + Enter 换行",
    send="发送",
    stop="停止",
    new_chat="新对话",
    question="提问",
    understood_as="按这个意思查找：",
    searching="正在文章里查找",
    writing="已找到 {count} 段，正在写回答",
    waited="{seconds} 秒",
    passages_read="读到的段落，还不是出处",
    stopped="已停止，以上是停止前的内容。",
    failed="没能回答",
    crashed="程序在回答时出了意外的错误（{error}）。请再问一次；如果还是这样，请查看运行窗口里的记录。",
    request_number="编号 {number}，反映问题时请带上。",
    empty_question="还没有写问题。写下想知道的事，再按 Enter。",
    refused="文章里没有找到答案",
    unsupported="出处不足以支持这句",
    unsupported_because="存疑：{problem}",
    unsure="把握不大：文章也许没有直接回答这个问题，请对照出处。",
    unanswered="没有找到可靠的答案：",
    seconds="用时 {seconds} 秒",
    sources="出处",
    nearest="相近的段落，不作为出处",
    mark="出处 {number}：{title}",
    back="回到答案里的编号 {number}",
    untitled="（无标题）",
    articles="文章",
    sample_articles="示例文章",
    own_articles="我的文章",
    asked="正在问",
    size="{name} {count} 篇",
    titles="文章目录",
    titles_cut="共 {total} 篇，这里列出前 {shown} 篇。",
    no_date="日期不详",
    put_in="放入文章",
    put_in_hint="Word、Excel、PPT、PDF、网页、邮件、扫描件，txt、md、csv、json 等；可以放多个、整个文件夹或压缩包。",
    drop_here="把文章拖到这里，或者",
    kept_where="文章只留在运行本程序的电脑上，只有你的浏览器能问到，{days} 天不用就删除。",
    reading="读取文件",
    stages={
        "asking": "正在评测",
        "embedding": "建立索引",
        "writing": "写入索引",
        "checking": "正在核对",
        "downloading": "正在下载",
    },
    rate="每秒 {rate}",
    remaining="还需约 {seconds} 秒",
    remaining_minutes="还需约 {minutes} 分钟",
    file_taken="{articles} 篇文章，{passages} 个段落",
    file_failed="没能读入",
    sending="正在上传……",
    embedded_model="内置阅读模型",
    ready="放好了，现在的提问都在“我的文章”里查找。",
    nothing_taken="没有读到可以提问的文章。",
    port_taken="端口 {port} 已经被别的程序占用。请用 --port 换一个，例如 --port {other}。",
    talk=texts_talk.CHINESE,
    shelf=texts_shelf.CHINESE,
    models=texts_models.CHINESE,
)

ENGLISH = Words(
    language="en",
    locale="en",
    name="问据 Wenju",
    tagline="Ask a collection of Chinese articles; every sentence of the answer shows its evidence.",
    welcome="What would you like to know from the articles?",
    welcome_more="Answers rest on the articles only. The number after a sentence is its evidence: "
    "click it and check. What the articles do not say is not answered.",
    try_these="Try one of these",
    own_articles_link="Or add articles of your own",
    placeholder="Type a question, Enter sends it",
    keys="Enter sends, Shift + Enter starts a new line",
    send="Send",
    stop="Stop",
    new_chat="New chat",
    question="Question",
    understood_as="Searched for: ",
    searching="Searching the articles",
    writing="Found {count} passages, writing the answer",
    waited="{seconds} s",
    passages_read="Passages that are being read; not evidence yet",
    stopped="Stopped; this is what had been written.",
    failed="No answer",
    crashed="The program failed unexpectedly while answering ({error}). Please ask again; if it happens again, "
    "the window that runs the program has the details.",
    request_number="Number {number}; quote it when you report this.",
    empty_question="There is no question yet. Type what you would like to know, then press Enter.",
    refused="The articles do not have the answer",
    unsupported="The evidence does not support this sentence",
    unsupported_because="Doubtful: {problem}",
    unsure="Not sure: the articles may not answer this outright. Check the evidence.",
    unanswered="No reliable answer found to: ",
    seconds="{seconds} s",
    sources="Evidence",
    nearest="Passages that came close; they are not evidence",
    mark="Evidence {number}: {title}",
    back="Back to mark {number} in the answer",
    untitled="(untitled)",
    articles="Articles",
    sample_articles="Sample articles",
    own_articles="My articles",
    asked="Asking",
    size="{name}: {count}",
    titles="List of articles",
    titles_cut="{total} articles; the first {shown} are listed.",
    no_date="no date",
    put_in="Add articles",
    put_in_hint="Word, Excel, slides, PDF, web pages, mails, scans, txt, md, csv, json …; folders, archives",
    drop_here="Drop articles here, or",
    kept_where="Articles stay on the computer that runs this program; only your browser can ask them, "
    "and {days} days without a visit delete them.",
    reading="Reading files",
    stages={
        "asking": "Evaluating",
        "embedding": "Indexing passages",
        "writing": "Writing the index",
        "checking": "Checking",
        "downloading": "Downloading",
    },
    rate="{rate} per second",
    remaining="about {seconds} s left",
    remaining_minutes="about {minutes} min left",
    file_taken="{articles} articles, {passages} passages",
    file_failed="Could not be read",
    sending="Uploading…",
    embedded_model="embedded reader",
    ready="Done. Questions are now answered from your own articles.",
    nothing_taken="There was no article to ask about.",
    port_taken="Port {port} is in use by another program. Choose another with --port, for instance --port {other}.",
    talk=texts_talk.ENGLISH,
    shelf=texts_shelf.ENGLISH,
    models=texts_models.ENGLISH,
)


def words(language: str) -> Words:
    """The texts in `language`: "en" is English, anything else Chinese."""
    return pick(language, CHINESE, ENGLISH)
