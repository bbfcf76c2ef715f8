"""The documents: accessible, the same for the same facts, and deaf to what names would tell typst."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from migrator.documents.completion import completion
from migrator.documents.confirmation import confirmation
from migrator.documents.destruction import destruction
from migrator.documents.receipt import receipt
from migrator.documents.setting import Sheet, pdf
from tests.conftest import NOW
from tests.documents.facts import a_given_item, a_payment, a_refund, an_order, lines_of_an_order, some_work

INJECTION = '#panic("no") ] $ x_1 $ *bold* #read("/etc/passwd") \\ "quoted" <label> @ref // end'
CYRILLIC = "ТОВ «Книгарня Є», Київ"


def sheets(name: str, *, many: int = 1) -> dict[str, Sheet]:
    order = an_order(name=name, source_address=f"https://{'long' * 60}.example/{name}")
    lines = lines_of_an_order() * many
    gone_at = NOW + timedelta(days=21)
    items = [a_given_item(name, secrets=many, reason=name)]
    return {
        "confirmation": confirmation(order, lines, ()),
        "receipt": receipt(
            order, lines, [a_payment(order)], refunds=[a_refund(lines[-1], reason=name)], notes={7: "CRN-1"}
        ),
        "completion": completion(order, some_work(order, body=name, changes=many)),
        "destruction": destruction(order, items, names={1: name}, rules={gone_at: "C-084"}),
    }


def text_of(made: bytes) -> str:
    pages = PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text().replace("\u200b", "") for page in pages).split())


@pytest.mark.parametrize("template", ["confirmation", "receipt", "completion", "destruction"])
def test_a_document_is_tagged_titled_in_english_dated_and_the_same_for_the_same_facts(template: str) -> None:
    sheet = sheets(CYRILLIC, many=20)[template]
    made = pdf(template, sheet)
    assert made == pdf(template, sheets(CYRILLIC, many=20)[template])
    read = PdfReader(io.BytesIO(made))
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert read.metadata is not None
    assert read.metadata.title == f"{sheet.title} MIG-7F3K-2"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert CYRILLIC in text_of(made)
    assert len(made) < 200_000


@pytest.mark.parametrize("template", ["confirmation", "receipt", "completion", "destruction"])
def test_what_people_typed_is_shown_and_never_run(template: str) -> None:
    assert INJECTION in text_of(pdf(template, sheets(INJECTION)[template]))


def test_letters_that_nobody_has_do_not_stop_a_document() -> None:
    made = pdf("receipt", sheets("書店 📚 \u0007")["receipt"])
    assert PdfReader(io.BytesIO(made)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_an_insurance_shows_its_calculation_and_a_rule_is_named() -> None:
    made = {name: text_of(pdf(name, sheet)) for name, sheet in sheets("Lindqvist Books").items()}
    assert "12 % of $249.00 = $29.88" in made["confirmation"]
    assert "has received $278.88 from Lindqvist Books. $12.00 of it went back." in made["receipt"]
    assert "Sent back Thu 26 Nov 2026, 11:00 Kyiv, to Visa ending in 4242" in made["receipt"]
    assert "Credit note CRN-1" in made["receipt"]
    assert "Insurance: 2 restarts in 14 working days $12.00 Total $12.00" in made["receipt"]
    assert "(rule C-084: our copy goes 21 days after the full migration)" in made["destruction"]
    assert "Accepted: nothing was reported in time (rule C-080)" in made["completion"]
    assert "820 moved, of 1,000 covered" in made["completion"]
