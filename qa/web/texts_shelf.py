"""What the page says around articles, logging in, limits and evaluation, in Chinese and in English.

Knows words only. `qa.web.texts` has the words around them and hands these out as its `shelf`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShelfWords:
    """Every text of articles, logging in, limits and evaluation in one language."""

    user_name: str
    password: str
    log_in: str
    log_out: str
    login_wrong: str
    login_later: str
    busy: str
    no_own_articles: str
    waiting: str
    waiting_next: str
    put_in_limits: str
    pick_files: str
    pick_folder: str
    too_large: str
    too_many: str
    upload_broken: str
    kept_apart: str
    already_there: str
    search_articles: str
    sort_by: str
    sorts: Mapping[str, str]
    since: str
    until: str
    period: str
    period_since: str
    period_until: str
    only_dates: str
    only_ticked: str
    no_limit: str
    dates_read: str
    tick: str
    remove_ticked: str
    remove_sure: str
    removed: str
    not_yours: str
    no_such_articles: str
    too_many_characters: str
    evaluation: str
    evaluate: str
    evaluate_hint: str
    drop_set: str
    pick_set: str
    evaluating_already: str
    evaluate_ratings: str
    ratings: str
    evaluated: str
    reports: str
    reading_now: str
    articles_read: str
    groups: str
    groups_hint: str
    group_name: str
    begin_group: str
    begin_group_with: str
    group_begun: str
    remove_group_sure: str
    only_groups: str
    group_names: str
    empty_groups: str
    no_such_group: str
    all_articles: str
    and_shared: str
    shared_too: str


CHINESE = ShelfWords(
    user_name="用户名",
    password="密码",
    log_in="登录",
    log_out="退出登录",
    login_wrong="用户名或密码不对。",
    login_later="密码错了太多次，请过 {minutes} 分钟再试。",
    busy="提问的人太多，请过一会儿再问。",
    no_own_articles="您还没有放入文章。",
    waiting="正在排队，前面还有 {ahead} 个问题……",
    waiting_next="正在排队，马上轮到……",
    put_in_limits="每个文件不超过 {size} MB，一次最多 {files} 个文件、{batch} GB。",
    pick_files="选择文件",
    pick_folder="选择文件夹",
    too_large="超过 {size} MB，没有上传。请拆开，或只放要问的部分。",
    too_many="选了 {count} 个文件，一次最多 {most} 个，其余的没有上传。请分几次放。",
    upload_broken="没有传完。请检查连接后再放一次。",
    kept_apart="已有同名的文章，两篇都留着。",
    already_there="已经放过，内容没有变。",
    search_articles="按标题、文件名、日期找文章",
    sort_by="排序",
    sorts={"": "放入的顺序", "newest": "日期，新的在前", "oldest": "日期，旧的在前", "title": "标题"},
    since="从",
    until="到",
    period="{since} 至 {until}",
    period_since="{since} 以来",
    period_until="{until} 以前",
    only_dates="只问 {period} 的文章",
    only_ticked="只问选中的 {count} 篇",
    no_limit="取消限定",
    dates_read="按“{words}”只找 {period} 的文章",
    tick="只问这篇",
    remove_ticked="移除选中的 {count} 篇",
    remove_sure="移除选中的 {count} 篇文章？你电脑里的原文件不受影响。",
    removed="移除了 {count} 篇。",
    not_yours="这些文章是大家的，不能移除。",
    no_such_articles="没有这样的文章。",
    evaluation="评测",
    evaluate="用一套题目评测",
    evaluate_hint="题目可以是 JSONL、CSV、XLSX，或公开题集的原文件；问的是现在选的文章，最多 {most} 题，均匀抽取。",
    drop_set="把题目拖到这里，或者",
    pick_set="选择题目",
    evaluate_ratings="再问一遍我评价过的问题",
    ratings="我的评价",
    evaluating_already="正在评测另一套题目，请等它做完。",
    evaluated="评测了 {count} 题，报告在下面。",
    reports="报告",
    reading_now="正在读 {name}",
    articles_read="{count} 篇文章",
    groups="我的文集",
    groups_hint="选中的文集一起问；只选一个时，新放入的文章归入它。",
    group_name="文集的名字",
    begin_group="新建文集",
    begin_group_with="用选中的 {count} 篇新建文集",
    group_begun="建好了文集“{name}”，现在放入的文章归入它。",
    remove_group_sure="删除文集“{name}”和其中的 {count} 篇文章（别的文集里也有的留下）？你电脑里的原文件不受影响。",
    only_groups="只问文集：{names}",
    group_names="文集 {names}",
    empty_groups="选中的文集里还没有文章。请放入文章，或者另选文集再问。",
    no_such_group="您没有叫“{name}”的文集。",
    all_articles="全部文章",
    and_shared="{name}和{shared}",
    shared_too="也问{shared}",
    too_many_characters="您的文章合起来会超过 {most} 万字，这次的没有放进去。请先移除一些，或只放要问的部分。",
)

ENGLISH = ShelfWords(
    user_name="User name",
    password="Password",
    log_in="Log in",
    log_out="Log out",
    login_wrong="The user name or the password is wrong.",
    login_later="Too many wrong passwords. Try again in {minutes} minutes.",
    busy="Too many people are asking. Try again in a while.",
    no_own_articles="You have put in no articles yet.",
    waiting="Waiting in line, {ahead} questions before yours…",
    waiting_next="Waiting in line, yours is next…",
    put_in_limits="Up to {size} MB a file, {files} files and {batch} GB at once. ",
    pick_files="Choose files",
    pick_folder="Choose a folder",
    too_large="Larger than {size} MB, not sent. Split it, or put in the part to ask about.",
    too_many="{count} files were chosen; {most} are taken at once, the others were not sent. Do it in several goes.",
    upload_broken="It did not arrive. Check the connection and try again.",
    kept_apart="There was an article of that name; both are kept.",
    already_there="It was there already, unchanged.",
    search_articles="Find articles by title, file name or date",
    sort_by="Sort by",
    sorts={"": "as put in", "newest": "date, newest first", "oldest": "date, oldest first", "title": "title"},
    since="from",
    until="to",
    period="{since} to {until}",
    period_since="since {since}",
    period_until="until {until}",
    only_dates="Only articles of {period}",
    only_ticked="Only the {count} that are ticked",
    no_limit="End this limit",
    dates_read="“{words}”: only articles of {period}",
    tick="Ask this one only",
    remove_ticked="Remove the {count} ticked",
    remove_sure="Remove the {count} articles that are ticked? The files on your computer stay as they are.",
    removed="Removed {count}.",
    not_yours="These articles are everybody's and cannot be removed.",
    no_such_articles="There are no such articles.",
    evaluation="Evaluation",
    evaluate="Evaluate with a question set",
    evaluate_hint="JSONL, CSV, XLSX, or a public set as it comes. It is asked of the articles chosen now: at most "
    "{most} questions, evenly spread.",
    drop_set="Drop a question set here, or",
    pick_set="Choose a set",
    evaluate_ratings="Ask once more what I have rated",
    ratings="my-ratings",
    evaluating_already="Another set is being evaluated. Wait until it is done.",
    evaluated="{count} questions evaluated; the report is below.",
    reports="Reports",
    reading_now="Reading {name}",
    articles_read="{count} articles",
    groups="My collections",
    groups_hint="Those that are ticked are asked together; what you put in comes into the one that is ticked alone.",
    group_name="Name of the collection",
    begin_group="New collection",
    begin_group_with="New collection of the {count} ticked",
    group_begun="Made the collection “{name}”; what you put in now comes into it.",
    remove_group_sure="Delete the collection “{name}” and its {count} articles (those in other collections stay)? "
    "The files on your computer stay as they are.",
    only_groups="Only the collections: {names}",
    group_names="collections {names}",
    empty_groups="The collections that are ticked have no articles yet. Put some in, or tick others.",
    no_such_group="You have no collection {name}.",
    all_articles="All articles",
    and_shared="{name} and {shared}",
    shared_too="Ask {shared}, too",
    too_many_characters="Your articles would have more than {most}0,000 characters; these were not added. "
    "Remove some, or put in the part to ask about.",
)
