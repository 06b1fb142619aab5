#!/usr/bin/env python3
"""Has other people's programs write one small list, each in its own forms, and read ours.

    other_programs.py write FOLDER
    other_programs.py read FOLDER FILE

`write` leaves in FOLDER what bibtexparser, rispy, papis, pandoc and buku make of the same two papers
and one page that is none; papis its folder of info.yaml files too. `read` prints, as JSON, the title
and authors of each paper that a program (pandoc; for BibTeX papis) finds in FILE. For MovingTests;
needs the environment of Tests/tools/install.sh.
"""
import json
import os
import signal
import subprocess
import sys

import bibtexparser
import pypandoc
import rispy

PAPERS = [
    {
        "key": "lee2025lamps", "title": "Lamps That Dim: 油灯 and Öl", "authors": ["Lee, Ann", "Ngô, Minh"],
        "year": "2025", "eprint": "2501.00001", "class": "cs.CL", "keywords": ["light", "oil lamps"],
        "abstract": "Lamps dim when oil is low. We measure it.",
        "url": "https://arxiv.org/abs/2501.00001",
    },
    {
        "key": "wick2024", "title": "Wicks & Wax, 50% Cheaper", "authors": ["Wick, John"], "year": "2024",
        "doi": "10.1234/Wax.5", "keywords": [], "abstract": "", "url": "https://doi.org/10.1234/Wax.5",
    },
]
PAGE = ("https://example.org/lamp-shop", "A lamp shop")


def write_bibtex(path):
    library = bibtexparser.Library()
    for paper in PAPERS:
        fields = {"title": paper["title"], "author": " and ".join(paper["authors"]), "year": paper["year"]}
        if "eprint" in paper:
            fields |= {"eprint": paper["eprint"], "archivePrefix": "arXiv", "primaryClass": paper["class"]}
        if "doi" in paper:
            fields["doi"] = paper["doi"]
        if paper["keywords"]:
            fields["keywords"] = ", ".join(paper["keywords"])
        if paper["abstract"]:
            fields["abstract"] = paper["abstract"]
        fields = [bibtexparser.model.Field(name, value) for name, value in fields.items()]
        library.add(bibtexparser.model.Entry("article", paper["key"], fields))
    bibtexparser.write_file(
        path, library, prepend_middleware=[bibtexparser.middlewares.LatexEncodingMiddleware()])


def write_ris(path):
    entries = []
    for paper in PAPERS:
        entry = {"type_of_reference": "JOUR", "title": paper["title"], "authors": paper["authors"],
                 "year": paper["year"], "urls": [paper["url"]]}
        if "doi" in paper:
            entry["doi"] = paper["doi"]
        if paper["keywords"]:
            entry["keywords"] = paper["keywords"]
        if paper["abstract"]:
            entry["abstract"] = paper["abstract"]
        entries.append(entry)
    with open(path, "w", encoding="utf-8") as file:
        rispy.dump(entries, file)


def run(words, home, **options):
    environment = {
        "PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "XDG_CONFIG_HOME": home + "/config",
        "XDG_DATA_HOME": home + "/data", "XDG_CACHE_HOME": home + "/cache"}
    program = os.path.join(os.path.dirname(sys.executable), words[0])
    ended = subprocess.run(
        [program, *words[1:]], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, encoding="utf-8", timeout=120, **options)
    if ended.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr}")
    return ended.stdout


def configure_papis(library, home):
    os.makedirs(home + "/config/papis")
    with open(home + "/config/papis/config", "w", encoding="utf-8") as file:
        file.write(f"[settings]\ndefault-library = papers\n[papers]\ndir = {library}\n")


def write_papis(folder, home):
    library = os.path.join(folder, "papis")
    os.makedirs(library)
    configure_papis(library, home)
    run(["papis", "bibtex", "read", folder + "/bibtexparser.bib", "import", "--all"], home)
    for form, name in [("bibtex", "papis.bib"), ("yaml", "papis.yaml"), ("json", "papis.json"),
                       ("csv", "papis.csv")]:
        run(["papis", "export", "--all", "--batch", "--format", form, "--out", f"{folder}/{name}"], home)


def write_pandoc(folder):
    pypandoc.convert_file(
        folder + "/bibtexparser.bib", "csljson", format="bibtex", outputfile=folder + "/pandoc.json")


def write_buku(folder, home):
    buku = ["buku", "--nostdin", "--nc", "--offline"]
    for paper in PAPERS:
        words = [*buku, "--add", paper["url"], "--title", paper["title"]]
        if paper["keywords"]:
            words += ["--tag", ",".join(paper["keywords"])]
        run(words, home)
    run([*buku, "--add", PAGE[0], "--title", PAGE[1]], home)
    for end in ["html", "md", "org", "rss", "xbel"]:
        run([*buku, "--export", f"{folder}/buku.{end}"], home)
    with open(folder + "/buku.json", "w", encoding="utf-8") as file:
        file.write(run([*buku, "--print", "--json"], home))


def write(folder, home):
    write_bibtex(folder + "/bibtexparser.bib")
    write_ris(folder + "/rispy.ris")
    write_papis(folder, home)
    write_pandoc(folder)
    write_buku(folder, home)


def read(home, path):
    if path.endswith(".bib"):
        library = home + "/papers"
        os.makedirs(library)
        configure_papis(library, home)
        run(["papis", "bibtex", "read", path, "import", "--all"], home)
        run(["papis", "export", "--all", "--batch", "--format", "json", "--out", home + "/all.json"], home)
        with open(home + "/all.json", encoding="utf-8") as file:
            papers = json.load(file)
        return [[paper["title"], [f"{name['given']} {name['family']}".strip()
                                  for name in paper.get("author_list", [])]] for paper in papers]
    form = "ris" if path.endswith(".ris") else "csljson"
    papers = json.loads(pypandoc.convert_file(path, "csljson", format=form))
    return [[paper["title"], [name.get("literal") or f"{name.get('given', '')} {name['family']}".strip()
                              for name in paper.get("author", [])]] for paper in papers]


def main():
    # The process of the tests starts others with all signals blocked, and papis waits for workers that
    # it ends with one.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    folder = os.path.abspath(sys.argv[2])
    home = folder + "-home"
    os.makedirs(folder, exist_ok=True)
    os.makedirs(home, exist_ok=True)
    if sys.argv[1] == "write":
        print(json.dumps(write(folder, home) or sorted(os.listdir(folder))))
    else:
        print(json.dumps(read(home, os.path.abspath(sys.argv[3])), ensure_ascii=False))


main()
