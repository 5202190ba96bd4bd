"""Questions that a table answers exactly: the cell of a row and a column, who has a value, highest and lowest, sums.

    tables = tables_of(article)                        # keep them where more is asked: their cells are worked out once
    answer = answer_from_tables("河东店的营业额比河西店多多少？", tables)
    answer.text       # "12万元"
    answer.sentence   # "营业额：河东店比河西店多12万元"
    answer.computed, answer.formula   # True, "50 − 38 = 12"
    answer.evidence   # rows (blocks of the article) and which of their cells

A third argument, `similar(a, b)`, may tell how much alike two heads mean (0 to 1); a list of words does without.
Nothing is guessed: an answer is given only where one table accounts for every word of the question, and no other table
answers otherwise. An empty cell is an answer, too: `text` is "" where the table has the field and leaves it blank.
"""

from qa.reading.tables.answering import TableAnswer, TableEvidence, answer_from_tables
from qa.reading.tables.view import TableRows, tables_of

__all__ = ["TableAnswer", "TableEvidence", "TableRows", "answer_from_tables", "tables_of"]
