"""Does the source say it? Every claim of an answer is checked here before it is shown as cited.

Knows two texts, a claim and what it rests on; nothing of marks, models or pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.article import Passage
from corpus.text.figures import is_stated, stated_figures
from corpus.text.sentences import split_sentences
from corpus.text.tagging import NAMED, tag
from corpus.text.terms import normalise, pairs, squeeze
from qa.checking.contradictions import find_contradiction
from qa.checking.source_text import APART, figures_of, words_of

ENOUGH_SHARED = 0.5  # share of a claim's words that its source must have
_SPELLED = 0.85  # or of its characters, where words are cut otherwise
_QUOTED = re.compile(r"[《「『“]([^》」』”]{2,40})[》」』”]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]+")
_BRACKETS = str.maketrans("[［【〖]］】〗", "〔〔〔〔〕〕〕〕")  # numbers copied from an article are shown in 〔〕
_COMMON = """
城市 台风 文明 洪水 上市 养老 智慧 海洋 和平 慈善 科普 深度 青春 新区 大桥 治安 美丽 曝光 普通 山区 令人 山洪
申报 弘扬 东西 普及 阳光 海关 高峰 续航 明星 康复 顾客 关怀 卫星 高达 聊天 西瓜 雷雨 二人 师生 安保 惠民 外国
嘉宾 上门 双拥 加密 通讯 晋级 新建 印发 友谊 顾问 滑坡 河湖 公正 温馨 两国 许可 拓宽 回国 福利 祝福 查明 保安
荣誉 城镇 荣获 高原 多云 都市 太阳 新城 中断 新鲜 阿姨 爱国 小镇 矫正 关联 长度 汇报 荣耀 中文 宝贵 小微 安抚
诚信 联网 海港 家族 哥哥 杜绝 论文 力争 英文 盛夏 上路 老公 陈述 卡片 抗议 谢谢 熊猫 雷达 师傅 长大 大街 张贴
入口 惠及 长达 明白 亚军 中毒 高清 纳凉 锦旗 育人 权威 多达 言语 保健 英语 延时 红利 卓越 抗战 商城 南北 中奖
毛巾 齐聚 黑客 海滩 光荣 福祉 孙子 普惠 比武 林木 古老 英里 高山 祝贺 小姐 沙发 大奖 封锁 加盟 河水 辟谣 道德
上台 海浪 格栅 蓝牙 联谊 长寿 古城 滑雪 恒定 宝宝 高潮 江河 巴士 钱财 美德 山村 上岗 宝贝 海鲜 美观 史诗 大国
洪峰 大战 天桥 特聘 立马 英勇 高薪 齐全 敬畏 田野 小雨 安静 小狗 大海 田园 宜居 严正 子宫 中考 高昂 古典 宣言
辛勤 湖泊 天文 才华 王子 寻根 契约 修桥 余生 临海
"""
_NO_NAMES = frozenset(_COMMON.split())  # words that the tagger takes for names
_NOT_OF_NAMES = "以现于写在是和与为的曾被由从到向对把将及并也都任称说人国"
_ITEM = re.compile(r"^\s*(?:[-*•·]\s+|\d{1,2}(?:[、)）]|\.(?!\d))\s*|[①-⑳])|[(（]\d{1,2}[)）]")  # numbers of a list
_FOOTNOTE = re.compile(r"〔\d{1,3}〕")
_CUT = re.compile(r"^(?:…|\.\.\.)+|(?:…|\.\.\.)+$")


def source_of(passages: Iterable[Passage]) -> str:
    """The text that a claim resting on `passages` is held against."""
    return APART.join(f"{passage.title}\n{passage.text}" for passage in passages)


@lru_cache(maxsize=1024)
def find_problem(claim: str, source: str) -> str:
    """What `source` lacks of `claim`, or says otherwise, as one Chinese sentence for the reader; "" if it agrees.

    A claim that stands in the source word for word has no problem. Otherwise its figures and dates (by value), its
    names and quoted titles, and at least `ENOUGH_SHARED` of its words must be there, in one place, and belong together
    there as they do in the claim.
    """
    claim = _ITEM.sub("", _CUT.sub("", claim.strip()))
    if not squeeze(claim):
        return "这句话没有内容。"
    bare = _FOOTNOTE.sub("", claim)
    if any(squeeze(text) in _squeezed(source) for text in (claim, bare)):
        return ""
    claim = bare
    if lacks := find_missing(claim, source):
        return lacks
    told = _without_figures(normalise(claim))
    if shared_words(told, _plain(source)) < ENOUGH_SHARED and not _spelled(told, _plain(source)):
        return "出处里的说法与这句话相差太远。"
    return find_contradiction(normalise(claim), _plain(source))


def find_missing(claim: str, source: str) -> str:
    """The first figure, date or name of `claim` that `source` has nowhere, as a sentence; "" where it has them all."""
    claim, plain = normalise(claim), _plain(source)
    for figure in stated_figures(claim):
        if not is_stated(figure, figures_of(plain)):
            return f"出处里没有“{claim[figure.start : figure.end].strip()}”。"
    for name in names_in(claim):
        if not _has_name(_squeezed(source), squeeze(name)):
            return f"出处里没有“{name}”。"
    return ""


def _spelled(claim: str, source: str) -> bool:
    """Whether `source` has nearly all characters of `claim`, whose words are cut otherwise (建成通车, 建成并通车)."""
    characters = set(squeeze(claim))
    return len(characters & set(source)) >= _SPELLED * len(characters)


def _without_figures(plain: str) -> str:
    """`plain` less its figures, which are compared by value."""
    for figure in reversed(stated_figures(plain)):
        plain = f"{plain[: figure.start]} {plain[figure.end :]}"
    return plain


def _has_name(source: str, name: str) -> bool:
    """Whether `source` has `name`, or its two parts near each other (中国科学院 for 中国……科学院).

    The tagger also takes words for names, and a character beside a name for a part of it.
    """
    if name in source or name in _NO_NAMES:
        return True
    bare = name.strip(_NOT_OF_NAMES) if len(name) > 2 else name
    if len(bare) > 1 and bare in source:
        return True
    parts = [(name[:cut], name[cut:]) for cut in range(2, len(name) - 1)]
    return any(re.search(f"{one}.{{0,8}}{other}", source) for one, other in parts)


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    return normalise(text)


@lru_cache(maxsize=256)
def _squeezed(text: str) -> str:
    return squeeze(text)


def names_in(text: str) -> list[str]:
    """Names of people, places and bodies, quoted titles and Latin words of two characters or more."""
    found = [word for word, flag in tag(text) if flag in NAMED and len(word) > 1]
    return list(dict.fromkeys([*found, *_QUOTED.findall(text), *_LATIN.findall(text)]))


def shared_words(claim: str, source: str) -> float:
    """Share of the distinct words of `claim` that `source` has too, in [0, 1]; 1 for a claim without words."""
    wanted = words_of(claim)
    return len(wanted & words_of(source)) / len(wanted) if wanted else 1.0


@lru_cache(maxsize=1024)
def supporting_span(claim: str, source: str) -> tuple[int, int]:
    """The sentences of `source` that support `claim` best: those that hold it word for word, else the nearest one."""
    claim, source = _CUT.sub("", claim.strip()).translate(_BRACKETS), source.translate(_BRACKETS)
    sentences = split_sentences(source) or [(0, len(source))]
    # A writer may have ended with a full stop what goes on in the source.
    claim = claim if claim in source else claim.rstrip("。；;，, ")
    at = source.find(claim)
    if claim and at >= 0:
        touched = [s for s in sentences if s[0] < at + len(claim) and s[1] > at]
        if touched:
            return touched[0][0], touched[-1][1]
    wanted = pairs(squeeze(claim))
    return max(sentences, key=lambda s: len(wanted & pairs(squeeze(source[s[0] : s[1]]))) / (len(wanted) + 5))
