#!/usr/bin/env python3
"""Writes deterministic digests in the main format, and the same papers as rows for the floor.

    corpus.py PAPERS FOLDER

FOLDER/digests/2015-….md   60 papers a day: summaries of about 1.5 KB, 30 % Chinese with English
                           terms, keywords, TL;DR and sections in all their forms
FOLDER/rows.sql            the same papers, parsed already, as INSERTs for the hand-written schema
                           of the benchmark, text segmented for FTS5
FOLDER/one.md, one.sql     one more digest of 61 papers, to import into the library

The same arguments give the same bytes on every machine.
"""
import datetime
import os
import random
import sys

ENGLISH = """adaptive agent alignment architecture attention autoregressive baseline benchmark cache
calibration causal chain code compression context contrastive curriculum data dataset decoding deep
diffusion distillation efficient embedding encoder energy ensemble entropy estimation evaluation
expert exploration fast feature field flow forecasting framework function generation geometry
gradient graph hallucination hierarchical image inference instruction kernel knowledge language
latent layer learning linear long loss low manifold mask memory metric mixture model modular motion
multimodal navigation network neural noise object optimal parallel parameter perception planning
policy preference pretraining probabilistic prompt pruning quantization query random ranking reason
recurrent reinforcement representation retrieval reward robot robust sampling scaling scene search
segmentation self semantic sequence shift signal sparse spatial speech state stochastic structure
student supervised surrogate symbolic synthetic task teacher temporal text theory token tool training
transfer transformer tree tuning uncertainty unified universal value variational video vision
visual world zero""".split()

HAN = ("模型方法研究数据训练推理注意力机制缓存压缩视觉语言智能体强化学习奖励生成扩散图像视频多模态检索"
       "增强知识蒸馏量化稀疏长文本上下文评测基准对齐安全幻觉规划工具使用代码数学证明实验结果表明提出"
       "框架优化策略样本效率泛化能力显著提升性能降低成本开源社区机器人导航感知时空序列预测不确定性")

KEYWORD_FORMS = ["**核心关键词**：{}", "**核心关键词**: {}", "核心关键字：{}", "**Core Keywords**: {}",
                 "**核心关键词** {}", "{bold}", "**核心关键词**：{bolds}"]
TLDR_FORMS = ["**一句话核心总结**：{}", "**一句话核心摘要**: {}", "**1-Sentence 核心总结**：{}",
              "**单句核心摘要**：{}"]
SECTION_SETS = [["主要研究问题或目标", "关键方法论", "主要成果", "核心启示"],
                ["主要研究问题或目标", "关键方法", "主要结果", "对AI从业者的主要影响"]]


def words(rng, count):
    return " ".join(rng.choice(ENGLISH) for _ in range(count))


def chinese(rng, count):
    start = rng.randrange(len(HAN) - 8)
    return "".join(HAN[(start + rng.randrange(8) + i) % len(HAN)] for i in range(count))


def sentence(rng):
    parts = [words(rng, rng.randint(9, 14)), chinese(rng, rng.randint(7, 12)), words(rng, rng.randint(4, 8))]
    return " ".join(parts) + "。"


def passage(rng, size):
    out = []
    while sum(len(part.encode()) for part in out) < size:
        out.append(sentence(rng))
    return "".join(out)


def paper(rng, number):
    year, month = 7 + number // 120000 % 18, 1 + number // 10000 % 12
    arxiv = f"{year:02d}{month:02d}.{number % 10000 + 10000:05d}"
    title = words(rng, rng.randint(5, 10)).title()
    if rng.random() < 0.1:
        title += ": " + chinese(rng, 6)
    keywords = [rng.choice([words(rng, 2), chinese(rng, 4), f"{chinese(rng, 3)} ({words(rng, 1).upper()})"])
                for _ in range(rng.randint(3, 6))]
    form = rng.choice(KEYWORD_FORMS)
    parts = [form.format(rng.choice([", ", "，", "、"]).join(keywords),
                         bold="**" + ", ".join(keywords) + "**",
                         bolds="，".join(f"**{k}**" for k in keywords))]
    tldr = sentence(rng) if rng.random() < 0.6 else None
    if tldr:
        parts.append(rng.choice(TLDR_FORMS).format(tldr))
    for label in rng.choice(SECTION_SETS):
        parts.append(f"**{label}**：{passage(rng, 270)}")
    return arxiv, title, keywords, tldr, "  ".join(parts)


def segment(text):
    return "".join(f" {c} " if "\u3400" <= c <= "\u9fff" else c for c in text)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def row(number, day, index, item):
    arxiv, title, keywords, _, summary = item
    plain = f"INSERT INTO papers VALUES({number},{quoted(arxiv)},{quoted(title)},0,0,{quoted(day)},{index},{quoted(summary)});"
    text = ",".join(quoted(segment(part)) for part in (title, "\n".join(keywords), summary))
    return f"{plain}\nINSERT INTO text(rowid,title,keywords,summary) VALUES({number},{text});\n"


def digest(day, items):
    lines = [f"\n\n# Papers for {day}\n"]
    for index, (arxiv, title, _, _, summary) in enumerate(items):
        lines.append(f"## {index}.[{title}](https://arxiv.org/pdf/{arxiv})\nsummary:{summary}\n")
    return "\n".join(lines)


def main():
    count, folder = int(sys.argv[1]), sys.argv[2]
    os.makedirs(os.path.join(folder, "digests"), exist_ok=True)
    rng = random.Random(20251002)
    first = datetime.date(2010, 1, 1)
    with open(os.path.join(folder, "rows.sql"), "w") as rows:
        rows.write("BEGIN;\n")
        for start in range(0, count, 60):
            day = (first + datetime.timedelta(days=start // 60)).isoformat()
            items = [paper(rng, number) for number in range(start, min(start + 60, count))]
            with open(os.path.join(folder, "digests", day + ".md"), "w") as file:
                file.write(digest(day, items))
            for index, item in enumerate(items):
                rows.write(row(start + index + 1, day, index, item))
        rows.write("COMMIT;\n")
    day = (first + datetime.timedelta(days=count // 60 + 1)).isoformat()
    items = [paper(rng, number) for number in range(count, count + 61)]
    with open(os.path.join(folder, "one.md"), "w") as file:
        file.write(digest(day, items))
    with open(os.path.join(folder, "one.sql"), "w") as file:
        file.write("BEGIN;\n")
        for index, item in enumerate(items):
            file.write(row(count + index + 1, day, index, item))
        file.write("COMMIT;\n")


main()
