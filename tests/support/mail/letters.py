"""Messages of mail as strange as people and machines send them, made here and from nowhere else."""

from __future__ import annotations

from email.message import EmailMessage

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


def a_letter(
    body: str = "The checkout shows a blank page since Friday.",
    *,
    sender: str = "Ines Ferreira <ines@atelier.example>",
    to: str = "support@migrator.example",
    subject: str = "Checkout",
    message_id: str = "<one@atelier.example>",
    **headers: str,
) -> EmailMessage:
    """This will make an ordinary message; headers are given with underscores for hyphens."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def raw(headers: str, body: bytes | str = b"", content_type: str = 'text/plain; charset="utf-8"') -> bytes:
    """This will make a message from its very bytes, so that it may be wrong in any way."""
    content = body if isinstance(body, bytes) else body.encode()
    return (
        f"{headers}\nContent-Type: {content_type}\nMIME-Version: 1.0\n\n".encode("utf-8", "surrogateescape") + content
    )


def nested(depth: int) -> bytes:
    """This will make a message whose parts hold parts that hold parts."""
    opening = "".join(f'Content-Type: multipart/mixed; boundary="b{each}"\n\n--b{each}\n' for each in range(depth))
    closing = "".join(f"\n--b{each}--\n" for each in reversed(range(depth)))
    return f"From: a@b.example\nSubject: Deep\n{opening}Content-Type: text/plain\n\nAt the bottom.{closing}".encode()
