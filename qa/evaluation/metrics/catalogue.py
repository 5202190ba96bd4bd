"""Every metric by name: what it is called, what it means, in which unit, and which direction is better.

Knows words only; how a metric is computed is in the modules beside this one, where definitions have their sources
and worked examples. Loads nothing, so that reports and help texts may use it freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["answer", "citation", "refusal", "retrieval", "robustness", "speed", "length", "judged"]
Unit = Literal["share", "characters", "seconds", "count"]
Better = Literal["high", "low", ""]


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of a report. `better` is "" where neither direction is."""

    key: str
    group: Group
    chinese: str
    english: str
    definition_chinese: str
    definition_english: str
    unit: Unit = "share"
    better: Better = "high"


_ANSWER = (
    Metric(
        "contained", "answer", "答对", "Contained",
        "有答案的题里，回答的文字含有全部必答部分的比例。逐字比对：不计标点、空格、大小写和繁简，数字须整个相同"
        "（2584 不算在 12584 里）；换一种说法不算，拒答算没有。",
        "Of questions with an answer, the share whose answer text has every required part. Compared character by "
        "character: punctuation, spaces, case and script variants aside, numbers as a whole (2584 is not in 12584); "
        "other wordings do not count, a refusal counts as nothing.",
    ),
    Metric(
        "coverage", "answer", "要点覆盖", "Coverage",
        "必答部分中回答文字里有的比例；一题只有一个必答部分时与“答对”相同。",
        "Share of the required parts that the answer text has; the same as Contained where only one is required.",
    ),
    Metric(
        "exact", "answer", "完全相同", "Exact match",
        "短答案（回答里标亮的部分；没有标亮时是全文）与某个参考答案去掉标点后完全相同的比例。定义同 CMRC 2018 的 EM。",
        "Share of short answers (what is highlighted; the whole text where nothing is) that equal a reference but for "
        "punctuation, as EM of CMRC 2018.",
    ),
    Metric(
        "f1", "answer", "字 F1", "Character F1",
        "短答案与参考答案最长连续相同片段的 F1（单字、整个数字、拉丁词各为一段），取最好的一个。同 CMRC 2018 的 F1。",
        "F1 of the longest common contiguous run of single Han characters and whole numbers or Latin words, short "
        "answer against the best reference, as F1 of CMRC 2018.",
    ),
    Metric(
        "rouge_l", "answer", "ROUGE-L（字）", "ROUGE-L (characters)",
        "回答全文与最好的参考答案的最长公共子序列的 F 值（Lin 2004，按字，β=1）。回答写成整句时数值自然偏低。",
        "F-measure of the longest common subsequence of characters, whole text against the best reference (Lin 2004, "
        "beta 1). Low by nature where answers are whole sentences.",
    ),
)  # fmt: skip

_CITATION = (
    Metric(
        "citation_recall", "citation", "引文召回", "Citation recall",
        "回答的各句中，所标出处合起来能支持该句的比例（ALCE，Gao 等 2023）。由本程序自己的核对作判断，"
        "所以照录原文的回答几乎总是 1。",
        "Share of the answer's sentences that their cited passages together support (ALCE, Gao et al. 2023). The "
        "judge is this program's own check, so that answers which quote score 1 almost by construction.",
    ),
    Metric(
        "citation_precision", "citation", "引文准确", "Citation precision",
        "引用中有用的比例：它单独支持该句，或者没有它其余出处就不支持该句（ALCE）。由本程序自己的核对作判断。",
        "Share of citations of use: each supports its sentence alone, or the others do not support it without this "
        "one (ALCE). The judge is this program's own check.",
    ),
    Metric(
        "quote_exact", "citation", "引文逐字", "Exact quotes",
        "引文与文章中所指位置的文字逐字相同的比例。应当总是 1。",
        "Share of quotes that equal the text at their place in the article, character by character. Should always be "
        "1.",
    ),
    Metric(
        "evidence", "citation", "引文含答案", "Evidence",
        "给出了回答的题里，必答部分在所引原句中有的比例（比对方法同“答对”）。不依赖本程序的核对。",
        "Of questions that were answered, share of the required parts that stand in a quoted sentence, compared as in "
        "Contained. Independent of the program's own check.",
    ),
    Metric(
        "right_article", "citation", "首条出处对", "Right article first",
        "给出了回答的题里，第一条出处来自正确文章的比例。只算知道是哪篇文章的题。",
        "Share of answers whose first citation is from an article that answers, where such articles are known.",
    ),
    Metric(
        "any_right_article", "citation", "有出处对", "Any right article",
        "给出了回答的题里，至少有一条出处来自正确文章的比例。只算知道是哪篇文章的题。",
        "Share of answers with at least one citation from an article that answers.",
    ),
)  # fmt: skip

_REFUSAL = (
    Metric(
        "wrong_shown", "refusal", "给出错答", "Wrong answer shown",
        "全部能判对错的题中，给出了回答而回答不含必答内容、或者文章里本来就没有答案的比例。谨慎的人最该看这个数。",
        "Share of all questions that can be judged where an answer was shown that lacks what is required, or that the "
        "articles do not have. The number for careful people.",
        better="low",
    ),
    Metric(
        "answered", "refusal", "作答", "Answered",
        "有答案的题里给出回答（没有拒答）的比例。",
        "Of questions with an answer, the share that was answered at all.",
    ),
    Metric(
        "refusal_recall", "refusal", "拒答召回", "Refusal recall",
        "没有答案的题里拒答的比例。",
        "Of questions without an answer, the share that was refused.",
    ),
    Metric(
        "refusal_precision", "refusal", "拒答准确", "Refusal precision",
        "拒答的题里确实没有答案的比例。",
        "Of refusals, the share where there was indeed no answer.",
    ),
    Metric(
        "refusal_area", "refusal", "拒答曲线面积", "Refusal area",
        "信心值分辨有无答案的能力：任取一道有答案的题和一道没有的，前者信心更高的概率（ROC 曲线下面积，相等算一半）。",
        "How well confidence tells the two apart: probability that a question with an answer has more confidence than "
        "one without (area under the ROC curve, ties count half).",
    ),
)  # fmt: skip


def _ranked(key: str, chinese: str, english: str, definition_chinese: str, definition_english: str) -> Metric:
    return Metric(key, "retrieval", chinese, english, definition_chinese, definition_english)


_RETRIEVAL = (
    *(
        _ranked(
            f"hit@{k}", f"命中@{k}", f"Hit@{k}",
            f"检索到的前 {k} 篇文章里有正确文章的比例。只算知道是哪篇文章的题；程序保留几段就算几段。",
            f"Share of questions with a right article among the first {k} found, where such articles are known.",
        )
        for k in (1, 5, 10)
    ),
    *(
        _ranked(
            f"recall@{k}", f"召回@{k}", f"Recall@{k}",
            f"全部正确文章中，检索到的前 {k} 篇里有的比例。",
            f"Share of the articles that answer which are among the first {k} found.",
        )
        for k in (5, 10)
    ),
    _ranked(
        "mrr@10", "MRR@10", "MRR@10",
        "第一篇正确文章名次的倒数的平均，前 10 篇里没有算 0。",
        "Mean of one over the rank of the first article that answers; 0 where none is among the first 10.",
    ),
    _ranked(
        "ndcg@10", "nDCG@10", "nDCG@10",
        "前 10 篇按名次打折的得分与最好排法之比，正确文章得 1，折扣 1/log₂(名次+1)（Järvelin 与 Kekäläinen 2002）。",
        "Discounted gain of the first 10 over that of the best order, gain 1 for an article that answers, discount "
        "1/log2(rank+1) (Järvelin and Kekäläinen 2002).",
    ),
    *(
        _ranked(
            f"answer_in_hits@{k}", f"段落含答案@{k}", f"Answer in hits@{k}",
            f"必答部分中，检索到的前 {k} 段文字里有的比例。不需要知道正确文章是哪篇。",
            f"Share of the required parts that the first {k} passages found have. Needs no knowledge of articles.",
        )
        for k in (1, 5, 10)
    ),
)  # fmt: skip

_ROBUSTNESS = (
    Metric(
        "misled", "robustness", "被误导", "Misled",
        "文章里掺了假的题中，回答照着假的说、又没有说出正确答案的比例。",
        "Of questions on falsified articles, the share whose answer has the false statement and not the right one.",
        better="low",
    ),
)  # fmt: skip


def _seconds(key: str, chinese: str, english: str, definition_chinese: str, definition_english: str) -> Metric:
    return Metric(key, "speed", chinese, english, definition_chinese, definition_english, "seconds", "low")


STAGES = {
    "rewrite": ("补全", "rewriting"),
    "search": ("检索", "search"),
    "read": ("阅读", "reading"),
    "write": ("作答", "writing"),
    "check": ("核实", "checking"),
}
_SPEED = (
    _seconds(
        "seconds_p50", "用时中位数", "Seconds, median",
        "一题从问到答用时的中位数。", "Median time of a question.",
    ),
    _seconds(
        "seconds_p95", "用时 95%", "Seconds, 95th percentile",
        "95% 的题在这个时间内答完。", "Time within which 95 % of the questions were answered.",
    ),
    *(
        _seconds(
            f"{stage}_p50", f"{chinese}用时", f"Seconds of {english}",
            f"一题中{chinese}这一步用时的中位数。", f"Median time of {english} in a question.",
        )
        for stage, (chinese, english) in STAGES.items()
    ),
)  # fmt: skip

_LENGTH = (
    Metric(
        "length_p50", "length", "回答字数", "Answer length",
        "回答字数（不计出处标记）的中位数，拒答不算。", "Median characters of an answer, marks and refusals aside.",
        "characters", "",
    ),
    Metric(
        "claims", "length", "回答句数", "Sentences",
        "一个回答平均有几句。", "Mean number of sentences of an answer.", "count", "",
    ),
)  # fmt: skip

_JUDGED = (
    Metric(
        "judged_correct", "judged", "模型判对", "Judged correct",
        "由语言模型对照参考答案给分（错 0，部分对 0.5，对 1）的平均，拒答不评。判断者也会错，与其他指标分开看。",
        "Mean points of a language model by the reference (0 wrong, 0.5 partly, 1 right), refusals aside. It can be "
        "wrong; keep apart.",
    ),
    Metric(
        "judged_grounded", "judged", "模型判有据", "Judged grounded",
        "由语言模型判断回答有没有引文支持（没有 0，部分有 0.5，有 1）的平均，拒答不评。",
        "Mean points of a language model for support by the quotes (0 none, 0.5 partly, 1 full), refusals aside.",
    ),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    *_ANSWER,
    *_CITATION,
    *_REFUSAL,
    *_RETRIEVAL,
    *_ROBUSTNESS,
    *_SPEED,
    *_LENGTH,
    *_JUDGED,
)
"""All metrics, in the order of a report."""

METRIC: Mapping[str, Metric] = {metric.key: metric for metric in METRICS}

# The score of a row that a quantile of many rows is taken of; any other metric has the key of its score.
SCORE_OF: Mapping[str, str] = {
    "seconds_p50": "seconds",
    "seconds_p95": "seconds",
    "length_p50": "length",
    **{f"{stage}_p50": stage for stage in STAGES},
}
