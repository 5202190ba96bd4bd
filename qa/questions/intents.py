"""Which way a question wants to be answered: a fact, a list, a summary, a comparison, a clause, or a word of greeting.

Knows the question's text only. What the answer looks like (a person, a date, a number) is another matter, told by
`qa.questions.answer_types`. The rules go by cue words, the narrow ones first; the figures of the labelled set, half of
which was not looked at while they were written, and of questions by other people stand in this room's README.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from qa.questions.small_talk import small_talk

Intent = Literal[
    "fact",
    "list",
    "definition",
    "reason",
    "way",
    "summary",
    "comparison",
    "calculation",
    "latest",
    "yes_no",
    "clause",
    "small_talk",
    "about_program",
]
INTENTS: tuple[Intent, ...] = get_args(Intent)

_N = r"[\d〇零一二两三四五六七八九十百千]+"
_TEXT = "(?:文章|文件|报道|报告|新闻|通知|材料|文档|文本|资料|通报|公告|规划|[这那]?[一两几]?篇|全文|本文|文中|文|》)"
_END = r"[？?。！!呢啊]*$"
_WHAT = "(?:什么(?!时候|地方|人)|啥|哪些)"

# What `small_talk` knows is told there; this is what else is said to a program: praise, moods, wishes, jokes.
_CHAT = re.compile(
    r"(?:帮了大忙|打扰|麻烦|对不起|抱歉|不好意思|没关系|算|哈+|呵+|嘻+"
    r"|[你您]?[真太好很]?(?:棒|厉害|聪明|笨|可爱|强|赞)|(?:周末|节日|新年|春节|生日|中秋)(?:愉快|快乐)"
    r"|吃饭?了?[没吗]|(?:今天)?天气[真很好]?(?:不错|好|糟|差)|我?的?心情.{0,4}|我[好很太](?:无聊|累|烦|难过|开心|高兴"
    r"|困)"
    r"|(?:给我|你)?[讲说唱]一?个?(?:笑话|故事|歌)(?:听听|吧)?)[了啊呀哦呢吧啦嘛]*",
)
_SIGNS = re.compile(r"[\s，,。.！!？?~～、…]+")
_PROGRAM = re.compile(
    r"^(?:请问)?[你您]们?(?:是谁|是什么|是哪|是不是|是(?:机器人|人|真人|AI)|叫(?:什么|啥)|能(?!说|告诉|帮我|给我|列"
    r"|解释|总结|概括)"
    r"|会(?!议)|可以(?:做|干|回答|读|处理)|支持|联网|用的|收录|有(?:哪些|多少|什么)?(?:功能|资料|文章|文件|本事)|怎么"
    r"|如何|靠|可靠"
    r"|从哪|为什么|为啥|的(?:答案|回答|数据|资料|知识|名字|功能|来源|作者|开发|模型|版本)|由谁|知道些?什么|好用)"
    rf"|^(?:自我介绍|介绍一?下?你?自己|使用(?:说明|方法|帮助)|帮助|help|有没有(?:使用)?(?:说明|帮助|教程|手册)){_END}"
    r"|^我?(?:怎么|怎样|如何|能不能|能否|可不可以|可?能|可以)(?:使用|上传|导入|导出|添加|换|删除|清空|更换|切换|设置"
    r"|重新)一?[个下些]?这?个?"
    r"(?:文件|文章|文档|资料|模型|PDF|Word|索引|知识库|对话|历史|程序|系统|答案|记录|语言|界面|字体)|^能(?:导入|上传"
    r"|打开)"
    r"|^这个?(?:问答)?(?:系统|程序|助手|网站)|^(?:里面?|这里|(?:知识|资料)?库里|索引里)(?:一共|总共|都|目前|现在)?"
    rf"(?:有|存了?|收录?了?)(?:多少|哪些|几|什么)篇?个?(?:文章|文件|资料|文档|内容)?{_END}"
    r"|^我的?(?:问题|提问|文件|资料|数据|隐私|对话)(?:会|被|是否|安全)|^问据"
    r"|\b(?:who|what|how) (?:made|are|can|do|created|built) you\b|\bwhat can you do\b|\bare you an? ",
    re.I,
)
# 第三条措施 counts measures, 第三条 alone, or with what may be said of it, is a clause.
_CLAUSE = re.compile(
    rf"第\s*{_N}\s*[条章](?:之{_N})?(?:第{_N}[款项])?(?=[^\w]|$|[的是规怎说讲内关里中上看写有与之原]|什么)"
    rf"|\b(?:article|clause|section|chapter) \d+",
    re.I,
)
# 你能说明一下……吗 asks for the thing and not whether it can be told.
_POLITE = re.compile(
    r"^(?:请问?|麻烦|[你您]?(?:能|可以|能不能|可不可以|能否)(?:[帮给跟为]我)?)(?=说明|告诉|解释|介绍|讲|说|列|总结"
    r"|概括).*?(?=吗?[？?]*$)"
)
_SUMMARY = re.compile(
    rf"(?:^|请|[帮给跟]我|，|来)[^，]{{0,8}}?(?:总结|概括|概述|归纳|梳理|综述|提炼|摘要|缩写成|浓缩|缩写)"
    rf"|[缩浓][写缩][到成]|(?:总结|概括|概述|归纳|梳理)一?下"
    rf"|(?:大意|中心思想|主旨|摘要|概要|来龙去脉)(?:是什么|有哪些|是啥)?{_END}|(?:^|，(?:并|再)?)(?:大概|大致|简单|简要"
    rf"|简短)[地的]?(?:介绍|说|讲)"
    rf"|[用以].{{0,3}}{_N}[句个]?[句字话].{{0,4}}(?:说|讲|介绍|概|描述|总|归|写)|(?:^|请|我)(?:讲讲|说说|介绍一下"
    rf"|讲一讲|说一说|谈谈)(?!.*(?:什么|多少|谁|哪|怎|为))"
    rf"|(?:^|{_TEXT}.{{0,4}})(?:主要|都|大概|究竟|到底|各自)*(?:讲|说|写|谈|介绍|报道|论述)(?:了|的是|的)?些?{_WHAT}"
    rf"|{_TEXT}的?(?:主要)?(?:内容|要点)(?:是什么|有哪些|是啥)?{_END}|\bsummar(?:y|i[sz]e)|\bmain points?\b"
    rf"|\bin \w+ sentences?\b",
    re.I,
)
_CALCULATION = re.compile(
    r"加起来|加在一起|合起来|总和|之和|之差|相差|相加|相减|平均(?:每[^年天日]|下来|一[个户人家])|每.{1,3}平均"
    r"|[总合]计(?:是|有|为)?(?:多少|几)"
    r"|(?:[和与、及]|[两三四五六七八九十几]个).{1,14}(?:一共|总共|合计|共有|共计|总计).{0,8}(?:多少|几)"
    r"|\d{4}.{0,3}[到至和].{0,8}(?:一共|总共|合计|累计)|从.{1,8}到.{1,8}[用花过]了?几|除以|乘以|减去"
    r"|加上.{1,12}(?:多少|几)"
    r"|(?<![同环])比(?![例赛利亚]).{1,12}[多少高低大小长短重][了出]?.{0,3}(?:多少|几)|占.{1,14}(?:百分之几|几分之几"
    r"|多大比例)|多大比例"
    r"|(?:增长|翻|增加|提高|扩大|涨|是.{1,8}的)了?几[倍番]|到.{1,8}涨了百分之|还[剩差缺]下?.{0,4}(?:多少|几)"
    r"|剩[下余]的?.{0,6}(?:多少|几)"
    r"|扣除.{1,16}(?:多少|几)|算一?[下算]|帮我算"
)
_MORE = "(?:[多少高低大小长短早晚快慢好差贵强弱远近轻老久严宽]|重(?!点)|便宜|省(?:时间?|钱|事|力|电|油|心))"
_ONE = "(?:哪|谁)一?[个家所条种年座款类块栋些位边处]?"
_COMPARISON = re.compile(
    rf"{_ONE}[^，]{{0,8}}?[更最](?:{_MORE}|受.{{1,4}}){_END}|{_ONE}[^，]{{0,6}}?更(?:{_MORE})"
    rf"|(?:和|与|跟|同|、|还是|比).{{1,20}}{_ONE}[^，是]{{0,8}}?得?{_MORE}(?:一?[些点])?{_END}"
    rf"|{_ONE}[^，]{{0,6}}{_MORE}(?:一?[些点]){_END}"
    rf"|(?:有|差)(?:什么|哪些|何|啥|没有|无)[^，的]{{0,2}}(?:区别|不同|差别|差异(?!化)|异同|不一样)(?:的地方|之处"
    rf"|点)?{_END}"
    rf"|(?:和|与|跟|同|、|两|几).{{1,24}}(?:区别|差别|差异(?!化)|异同|不同点|不同之处)|^(?:请|帮我)?(?:比较|对比"
    rf"|比一比)(?!赛).{{2,}}"
    rf"|(?<!对)比(?![例如赛较利亚]).{{1,12}}?{_MORE}(?:在哪|吗|一些吗|得多吗)|\bcompared?\b|\bdifferences? between\b"
    rf"|\bwhich (?:one )?(?:is|has) (?:more|\w+er)\b",
    re.I,
)
_LATEST = re.compile(
    r"最新|最近(?!的?(?:路|车站|地铁|站|医院|超市|学校|公园|地方|点))|最后一[次批届]|最后一期(?!工)|近期|新近|目前"
    r"|现任|现行|现有|现阶段|眼下"
    r"|如今|(?<![出体表实发呈])现在(?!怎么|如何)|截至(?!\d|[一二])|截止目前|当前(?!调)|今后执行|\blatest\b"
    r"|\bcurrent(?:ly)?\b|\bmost recent\b",
    re.I,
)
_NEAREST = re.compile("离.{1,12}最近|最近距离")
_ASKS = r"什么|甚么|哪|谁|多少|几|何|怎"
_PREMISE = re.compile(
    rf"(?:吗|(?<![什甚怎这那])么|吧|是不是|[对行好]不[对行好]|真的假的|属实){_END}"
    rf"|^(?!.*(?:{_ASKS})).*(?:是否|可否|能否|有无|会否|是不是|([能会要该算收用是让给])不\1|可不可以|有没有|需不需要"
    rf"|应不应该|属不属于)"
    r"|^(?:is|are|was|were|do|does|did|can|could|must|should|has|have|will) ",
    re.I,
)
_REASON = re.compile(
    r"为什么|为何|为啥|缘何|何以|何故|原因|缘由|缘故|成因|起因|[由因]于?为?什么(?=.)|是因为什么|怎么会|怎么(?:突然"
    r"|忽然)|怎么回事"
    r"|凭什么|出于什么|什么考虑|理由|是什么让|\bwhy\b",
    re.I,
)
_WAY = re.compile(
    r"(?:怎么|咋)(?!样[？?]?$|回事|理解|解释|叫|称呼|规定|说|没|会|突然|忽然|又|看)|怎样(?!理解|的)|如何(?!理解|规定"
    r"|评价|[？?]?$)"
    r"|(?:什么|哪些)(?:途径|办法|方法|方式|手段|渠道|流程|手续|步骤|程序)|流程|步骤|(?:程序|手续)(?:是|有|怎)"
    r"|\bhow (?:do|can|to|should|does)\b",
    re.I,
)
_DEFINITION = re.compile(
    r"什么(?:是|叫)|(?<!，)叫做?什么[？?]?$|何谓|何为|(?:指|代表|意味着)(?:的是)?(?:什么|啥)|(?:什么|啥)(?:意思|含义"
    r"|概念)|含义|的(?:定义|概念)"
    r"|具体指|指的?是|(?:怎么|如何|怎样)(?:理解|解释)|解释一?下?|[”》」](?:究竟|到底)?是(?:什么|啥|个什么)[？?呢]*$"
    r"|^(?!.*[的有]|.*分别)[^，,。？?]{2,10}是(?:什么|啥|个啥|个?什么东西)[？?呢]*$|^what (?:is|are) an? |\bmeans?\b"
    r"|\bmeaning\b|\bdefin",
    re.I,
)
_LIST = re.compile(
    r"谁(?:都|不[能得可]|可以|能|有资格)|哪[些几](?![年天月])|有(?:什么|啥)(?!区别|不同|用$|意义)"
    r"|哪[两二三四五六七八九十]|列[出举]|罗列|都[有是](?:谁|什么|哪)"
    rf"|分别[是叫为有](?:什么|哪|谁)|(?:{_N}|几)[条项大个支种步][^，。？?]{{1,10}}(?:分别|是什么|是哪|叫什么)"
    rf"|有几.，叫|包括(?:什么|哪)"
    r"|什么(?:材料|证件|条件|设施|奖项|课程|节目|业务|服务|情况|情形|人员)|几类|\blist\b",
    re.I,
)
_RULES: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("about_program", _PROGRAM),
    ("clause", _CLAUSE),
    ("summary", _SUMMARY),
    ("calculation", _CALCULATION),
    ("comparison", _COMPARISON),
    ("latest", _LATEST),
    ("yes_no", _PREMISE),
    ("reason", _REASON),
    ("definition", _DEFINITION),
    ("way", _WAY),
    ("list", _LIST),
)


def intent_of(question: str) -> Intent:
    """How `question` wants to be answered; "fact" where nothing tells otherwise.

    >>> intent_of("用三句话概括这份通知")
    'summary'
    >>> intent_of("南湖街道有多少名党员？")
    'fact'
    """
    text = question.strip()
    if talk := small_talk(text):
        return "about_program" if talk == "about" else "small_talk"
    if _is_chat(text):
        return "small_talk"
    if polite := _POLITE.match(text):
        text = polite[0]
    for intent, rule in _RULES:
        if rule.search(text) and not (intent == "latest" and _NEAREST.search(text)):
            return intent
    return "fact"


def _is_chat(text: str) -> bool:
    """Whether every piece of `text` between marks is chat."""
    pieces = [piece for piece in _SIGNS.split(text) if piece]
    return bool(pieces) and all(_CHAT.fullmatch(piece) or small_talk(piece) for piece in pieces)
