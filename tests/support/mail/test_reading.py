"""What is read from a message of mail, however it was made."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from migrator.support.mail.reading import CANNOT_UNPACK, Unreadable, read_message, text_of_html
from tests.support.mail.letters import PNG, a_letter, nested, raw


def test_an_ordinary_message_is_read_whole() -> None:
    message = a_letter(In_Reply_To="<ours@migrator.example>", References="<first@x.example> <ours@migrator.example>")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="blank page.png")
    read = read_message(message.as_bytes())
    assert (read.sender_name, read.sender_address) == ("Ines Ferreira", "ines@atelier.example")
    assert read.recipients == ("support@migrator.example",)
    assert read.answers == ("<ours@migrator.example>", "<first@x.example>")
    assert read.body == "The checkout shows a blank page since Friday."
    assert [(upload.name, upload.content) for upload in read.uploads] == [("blank page.png", PNG)]
    assert read.automatic == ""


def test_the_history_below_an_answer_is_left_out_and_stays_where_there_is_nothing_else() -> None:
    quoted = "On Fri, 27 Nov 2026 at 17:00, Support <support@migrator.example> wrote:\n> Which page?\n"
    assert read_message(a_letter(f"The checkout.\n\n{quoted}").as_bytes()).body == "The checkout."
    assert "Which page?" in read_message(a_letter(quoted).as_bytes()).body


def test_of_html_alone_the_words_are_taken_and_nothing_runs() -> None:
    html = (
        '<html><head><style>p{color:red}</style></head><body onload="x()"><p>The <b>checkout</b></p>'
        '<p>is blank<img src="http://spy.example/1.gif"></p><script>alert(1)</script></body></html>'
    )
    read = read_message(raw("From: a@b.example\nSubject: x", html, "text/html"))
    assert read.body.split() == ["The", "checkout", "is", "blank"]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('See <a href="https://new.example/menu">this page</a>.', "See this page (https://new.example/menu)."),
        ('<a href="https://new.example/">https://new.example</a>', "https://new.example"),
        ('<a href="mailto:ines@atelier.example">ines@atelier.example</a>', "ines@atelier.example"),
        ('<a href="javascript:alert(1)">Open</a>', "Open"),
    ],
)
def test_where_a_word_leads_stands_behind_it(html: str, words: str) -> None:
    assert text_of_html(html) == words


@pytest.mark.parametrize(
    "html", ["<script>alert(1)</script>", "<style>a{}</style>", '<img src="http://spy.example/1.gif" onerror="x()">']
)
def test_what_is_no_words_leaves_nothing(html: str) -> None:
    assert text_of_html(html) == ""


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        ("Größe".encode("latin-1"), 'text/plain; charset="utf-8"', "Größe"),
        ("Größe".encode(), 'text/plain; charset="no-such-charset"', "Größe"),
        ("Größe".encode("utf-16"), 'text/plain; charset="utf-16"', "Größe"),
        ("Ціна".encode("koi8-u"), 'text/plain; charset="koi8-u"', "Ціна"),
        (b"Gr\xc3\xb6\xc3\x9fe", "text/plain", "Größe"),
        ("价格".encode("gb18030"), 'text/plain; charset="gb18030"', "价格"),
    ],
)
def test_a_wrong_or_unknown_charset_loses_no_word(body: bytes, content_type: str, words: str) -> None:
    assert read_message(raw("From: a@b.example\nSubject: x", body, content_type)).body == words


def test_headers_in_other_scripts_and_in_bytes_of_eight_bits_are_read() -> None:
    encoded = raw("From: =?utf-8?b?0J7QutGB0LDQvdCw?= <o@b.example>\nSubject: =?iso-8859-1?q?Gr=F6=DFe?=", "Words")
    assert (read_message(encoded).sender_name, read_message(encoded).subject) == ("Оксана", "Größe")
    eight_bits = raw("From: a@b.example\nSubject: Größe", "Words")
    assert "Gr" in read_message(eight_bits).subject


def test_what_cannot_be_seen_is_taken_out_of_names_and_words() -> None:
    read = read_message(a_letter("Pay \u202eyadot\u202c now\x00", subject="In\u202evoice").as_bytes())
    assert "\u202e" not in read.body + read.subject
    assert "\x00" not in read.body


@pytest.mark.parametrize("missing", ["From", "Date", "Subject", "To", "Message-ID"])
def test_a_message_without_a_header_is_read(missing: str) -> None:
    message = a_letter()
    del message[missing]
    assert read_message(message.as_bytes()).body


def test_a_message_without_words_keeps_its_file_and_inline_pictures_are_files() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content(PNG, maintype="image", subtype="png", disposition="inline", filename="shot.png")
    read = read_message(message.as_bytes())
    assert (read.body, [upload.name for upload in read.uploads]) == ("", ["shot.png"])


def test_files_that_outlook_has_packed_are_left_out_with_a_sentence() -> None:
    message = a_letter()
    message.add_attachment(b"x\x9f>\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    read = read_message(message.as_bytes())
    assert (read.uploads, read.left_out) == ((), (CANNOT_UNPACK,))
    assert read.body


def test_a_forwarded_message_becomes_a_file_of_its_words() -> None:
    message = a_letter("See below.")
    message.add_attachment(a_letter("The words inside.", subject="Old / one"))
    (upload,) = read_message(message.as_bytes()).uploads
    assert upload.name.endswith(".txt")
    assert b"The words inside." in upload.content


def test_a_folder_in_the_name_of_a_file_leads_nowhere() -> None:
    message = a_letter()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="../../etc/passwd.png")
    from migrator.support.attachment_rules import AttachmentLimits, checked_files

    (file,) = checked_files(read_message(message.as_bytes()).uploads, AttachmentLimits(1_000, 1))
    assert file.name == "passwd.png"


def test_parts_in_parts_are_read_to_the_bottom_and_no_further_than_anybody_sends_them() -> None:
    assert read_message(nested(20)).body == "At the bottom."
    with pytest.raises(Unreadable):
        read_message(nested(5_000))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"just words", b"\xff\xfe\x00"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_message(content)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "machine"),
        ({"Precedence": "bulk"}, "many"),
        ({"X_Loop": "us"}, "X-Loop"),
        ({"Return_Path": "<>"}, "delivered"),
        ({"X_Autoreply": "yes"}, "automatic"),
    ],
)
def test_what_a_machine_wrote_is_known(headers: dict[str, str], why: str) -> None:
    assert why in read_message(a_letter(**headers).as_bytes()).automatic


@settings(max_examples=150, deadline=None)
@given(some.binary(max_size=400), some.binary(max_size=400))
def test_no_bytes_break_the_reading(head: bytes, body: bytes) -> None:
    try:
        read = read_message(b"From: a@b.example\n" + head + b"\n\n" + body)
    except Unreadable:
        return
    assert "\x00" not in read.subject + read.body + read.sender_name
