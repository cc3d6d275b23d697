#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every word of the desktop is translated: translations/*.ts hold exactly what lupdate finds in the
sources now, finished, with the placeholders and the white space of the source; and Chinese calls a
thing as docs/translation.md does.

    check_translations.py SOURCE_DIR LUPDATE [--update]    --update: write new strings into the files
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter

from tree import report, source_files

OWN_WORDS = "gui/models/own_words"
FOLDERS = ("app", "models", "pages", "presenters", "widgets")
# English is the language of the source: its file has the plurals alone.
LANGUAGES = {"en": ["-pluralonly"], "zh_CN": []}
PLURALS = {"en": 2, "zh_CN": 1}
PLACEHOLDER = re.compile(r"%L?(?:\d|n)")
HAN = "[一-鿿]"
# Punctuation of the other language beside Chinese characters.
HALF_WIDTH = re.compile(rf"{HAN}[,;:!?]|{HAN}\.(?!\w)|{HAN}\(")


def extract(root, lupdate, language, target):
    folders = [str(root / "gui" / folder) for folder in FOLDERS]
    # With the root, or classes would lack their namespaces, and their words be found by nobody.
    subprocess.run([lupdate, "-silent", "-I", str(root), "-locations", "none", "-no-obsolete",
                    "-source-language", "en", "-target-language", language,
                    *LANGUAGES[language], *folders, "-ts", str(target)], check=True)


def each_message(text):
    """(context, source, comment) and the message element, of a .ts file in its order."""
    for context in ElementTree.fromstring(text).iter("context"):
        for message in context.iter("message"):
            yield (context.findtext("name"), message.findtext("source"),
                   message.findtext("comment") or ""), message


def messages_of(text):
    """{(context, source, comment): message element} of a .ts file."""
    return dict(each_message(text))


def forms_of(message):
    translation = message.find("translation")
    if translation is None:
        return []
    if message.get("numerus") == "yes":
        return [form.text or "" for form in translation.iter("numerusform")]
    return [translation.text or ""]


def edges(text):
    """White space and mnemonic that a translation must keep."""
    return (text[:1].isspace(), text[-1:].isspace(), len(re.findall(r"&(?=\w)", text)))


def problems_of_message(where, message, language):
    translation = message.find("translation")
    kind = translation.get("type", "") if translation is not None else "unfinished"
    if kind:
        return [f"{where}: {kind}"]
    source, forms = message.findtext("source"), forms_of(message)
    found = []
    wanted = PLURALS[language] if message.get("numerus") == "yes" else 1
    if len(forms) != wanted:
        found.append(f"{where}: {len(forms)} forms, {language} has {wanted}")
    for form in forms:
        if not form.strip():
            found.append(f"{where}: empty")
        elif sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(form)):
            found.append(f"{where}: other placeholders in '{form}'")
        elif edges(source) != edges(form):
            found.append(f"{where}: white space or mnemonic differs in '{form}'")
        elif language == "zh_CN" and HALF_WIDTH.search(form):
            found.append(f"{where}: half-width punctuation in '{form}'")
    return found


def problems_of(name, language, text, fresh):
    """Of one .ts file, held against a fresh extraction: its text, too."""
    has, wanted = messages_of(text), messages_of(fresh)
    # As a merge of two branches leaves it: which of the two is shown is chance.
    twice = Counter(key for key, _ in each_message(text))
    found = [f"{name}: {key[0]}: '{key[1]}': {count} times"
             for key, count in sorted(twice.items()) if count > 1]
    for key in sorted(has.keys() | wanted.keys()):
        where = f"{name}: {key[0]}: '{key[1]}'"
        if "::" not in key[0]:
            found.append(f"{where}: lupdate lost the namespace; at run time it is not found")
        if key not in has:
            found.append(f"{where}: missing; build the target update-translations")
        elif key not in wanted:
            found.append(f"{where}: no source says it any more")
        elif has[key].get("numerus") != wanted[key].get("numerus"):
            found.append(f"{where}: plural here, or there, but not in both")
        else:
            found += problems_of_message(where, has[key], language)
    return found


def glossary_of(text):
    """{English word: its Chinese words} of the tables of docs/translation.md."""
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", text, re.M)
    return {english.lower(): chinese.split(" / ") for english, chinese in rows
            if english != "English" and not english.startswith("-")}


def problems_with_glossary(name, text, glossary):
    found = []
    for (context, source, _), message in messages_of(text).items():
        chinese = glossary.get(source.lower())
        for form in forms_of(message) if chinese else []:
            if form not in chinese:
                found.append(f"{name}: {context}: '{source}' is '{form}', "
                             f"docs/translation.md says '{' / '.join(chinese)}'")
    return found


def said_by(root):
    """The C++ of all tiers, literals joined as the compiler joins them, and the demo."""
    demo = [root / "tools/demo", *sorted((root / "tools/demo_cluster").glob("*.py"))]
    sources = [root / name for name in source_files(root)
               if not name.startswith(("tests/", OWN_WORDS))]
    text = "".join(path.read_text(errors="replace") for path in [*sources, *demo] if path.exists())
    return re.sub(r'"\s*\n\s*"', "", text).replace('\\"', '"')


def problems_with_own_words(text, sources):
    """What own_words.cpp looks for, and nobody says: the longest piece between its places."""
    found = []
    for context, source, _ in messages_of(text):
        piece = max(re.split(r"%\d", source), key=len).strip(" ,;:.()'\"")
        if context.endswith("::OwnWords") and piece not in sources:
            found.append(f"{OWN_WORDS}.cpp: '{source}': no source says '{piece}'")
    return found


def main(root, lupdate, update=False):
    root = pathlib.Path(root).resolve()
    problems = []
    for language in LANGUAGES:
        file = root / "translations" / f"ifrit_{language}.ts"
        if update:
            extract(root, lupdate, language, file)
            continue
        name = str(file.relative_to(root))
        if not file.exists():
            problems.append(f"{name}: there is none")
            continue
        with tempfile.TemporaryDirectory() as folder:
            fresh = pathlib.Path(folder) / file.name
            extract(root, lupdate, language, fresh)
            problems += problems_of(name, language, file.read_text(), fresh.read_text())
    if update:
        return 0
    chinese = root / "translations" / "ifrit_zh_CN.ts"
    problems += problems_with_own_words(chinese.read_text(), said_by(root))
    glossary = glossary_of((root / "docs" / "translation.md").read_text())
    if len(glossary) < 40:
        problems.append(f"docs/translation.md: only {len(glossary)} words")
    problems += problems_with_glossary("translations/ifrit_zh_CN.ts", chinese.read_text(), glossary)
    return report(problems, "translations")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], update="--update" in sys.argv[3:]))
