"""Reports as mail servers write them (RFC 3464), by hand from the RFC's own example."""

from uuid import UUID


def report(
    plan_id: UUID,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "message/rfc822",
) -> bytes:
    """A report about the mail of that plan."""
    return "\r\n".join(
        [
            "From: Mail Delivery Subsystem <mailer-daemon@mx.example.net>",
            "To: sales@example.com",
            "Subject: Returned mail",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"',
            "",
            "--edge",
            "",
            "The mail could not be delivered.",
            "--edge",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.net",
            "",
            "Final-Recipient: rfc822; ada@example.com",
            f"Action: {action}",
            f"Status: {status}",
            "",
            "--edge",
            f"Content-Type: {returned}",
            "",
            "From: Sales <sales@example.com>",
            "To: ada@example.com",
            f"Message-ID: <{plan_id}@example.com>",
            "Subject: Hello",
            "",
            "" if returned.startswith("text") else "Hello Ada",
            "--edge--",
            "",
        ]
    ).encode()
