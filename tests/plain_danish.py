"""What plain Danish is, so that it can be tested: how hard a text is to read, and the words it does without."""

import re
from collections.abc import Mapping

LONG = 6  # letters; a word of more is a long one
SHORT_TEXT = 20  # words; a text of fewer says little about itself, and is judged with the page it stands on
MOST_OF_A_TEXT, MOST_OF_A_PAGE = 40, 30
MOST_WHEN_EASY = 22  # of a text and of a page in easy Danish
# Who somebody is cannot be said shorter: such a name is read as one short word.
OF_OTHERS = (
    *("Udbetaling Danmark", "Randers Kommune", "Digitaliseringsstyrelsen", "Datatilsynet", "Skattestyrelsen"),
    *("Digital Post", "Borgerblik"),
)
ABBREVIATED = re.compile(r"\b(\d+|kr|f|eks|kl|nr)\.(?=\s+[a-zæøå\d])")  # a full stop that ends no sentence
END = re.compile(r"[.!?:]+(?=\s|$)")

# What an office writes, and what is said instead. A word is a beginning: "vedrør" is also "vedrørende".
AVOIDED: Mapping[str, str] = {
    "afgørelsesgrundlag": "det, vi har lagt vægt på",
    "anmod": "bed om",
    "begunstig": "give",
    "berettiget": "har ret til",
    "bero": "vente",
    "bevilg": "du har fået ja",
    "bevilling": "du har fået ja til",
    "bl.a.": "for eksempel",
    "dags dato": "i dag",
    "derudover": "også",
    "ekspeder": "klare",
    "endvidere": "også",
    "fagsystem": "kommunens system",
    "forefind": "er",
    "foranledig": "gøre",
    "fordr": "kræve",
    "forinden": "før",
    "fremsend": "sende",
    "fyldestgørende": "nok",
    "førnævnt": "den",
    "henhold": "efter",
    "herunder": "også",
    "hvorvidt": "om",
    "hvorefter": "og så",
    "iht.": "efter",
    "imødekomm": "sige ja",
    "indsend": "sende",
    "ihændehav": "den, der har",
    "iværksæt": "begynde",
    "jf.": "se",
    "jævnfør": "se",
    "ligeledes": "også",
    "nærværende": "denne",
    "omhandl": "handle om",
    "ovenstående": "det, der står over",
    "partshøring": "du kan sige din mening, før vi bestemmer",
    "pågældende": "den",
    "påhvil": "skal",
    "påkræv": "skal",
    "rekvir": "bede om",
    "sagsbehandl": "den, der ser på din sag",
    "såfremt": "hvis",
    "tilvejebring": "skaffe",
    "vedkommende": "den",
    "vedrør": "om",
    "vedlag": "med",
    "ydelsesart": "slags penge",
    "ydermere": "også",
}

# What the indexes and their makers call things: codes, fields and services. No citizen has heard of them.
OF_THE_INDEXES: Mapping[str, str] = {
    "afgjort": "der er svar",
    "beskedfordeler": "vi får besked",
    "bevilgetydelse": "det, du har fået ja til",
    "dispositionsdato": "den dag, du får pengene",
    "dokumentindeks": "fælles liste over sager",
    "effektuer": "udbetale",
    "fremdrift": "hvor langt sagen er",
    "følsomhed": "hvem der må se det",
    "hoi": "din samlede plan",
    "kle": "emne",
    "opstaaet": "vi har fået sagen",
    "opstået": "vi har fået sagen",
    "oplyst": "vi samler oplysninger",
    "sagspart": "den, sagen handler om",
    "sdi": "fælles liste over sager",
    "virkningfra": "fra",
    "virkning": "fra og til",
    "ydelsesindeks": "fælles liste over udbetalinger",
    "yi": "fælles liste over udbetalinger",
}


def words(text: str) -> list[str]:
    """Its words. A number is none."""
    return re.findall(r"[^\W\d_]+", text)


def sentences(text: str) -> list[str]:
    """Its sentences. A colon ends one, as Björnsson counts; the full stop of "24. november" does not."""
    return [part for part in END.split(ABBREVIATED.sub(r"\1", text)) if words(part)]


def lix(text: str) -> float:
    """How hard a text is to read: words a sentence, plus how many of a hundred words are longer than six letters.

    C. H. Björnsson, Läsbarhet (Liber, 1968). Under 25 is for children, 25–34 is easy, 35–44 is the middle, such as a
    newspaper, 45–54 is hard, such as what offices write, and 55 and over is for experts.
    """
    found = words(text)
    long = sum(len(word) > LONG for word in found)
    return len(found) / len(sentences(text)) + 100 * long / len(found)


def avoided(text: str) -> dict[str, str]:
    """The words of a text that a citizen should not meet, each with what to write instead.

    What the indexes call something counts as a whole word only: "SDI" is one of theirs, "kleppe" is not.
    """
    said = text.casefold()
    begun = {word: plain for word, plain in AVOIDED.items() if re.search(rf"\b{re.escape(word)}", said)}
    whole = {word: plain for word, plain in OF_THE_INDEXES.items() if re.search(rf"\b{word}\b", said)}
    return begun | whole
