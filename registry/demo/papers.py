"""Papers of the demo city: small valid PDFs that say of themselves that they are invented."""

from __future__ import annotations

from registry.base.periods import Period
from registry.firms.models.firms import Firm


def paper(firm: Firm, period: Period, material: str = "M04") -> bytes:
    """A paper of a kind and a period, no two of one firm alike."""
    return written(
        "INVENTED FOR THE DEMO", f"{material}   {period}   {firm.credit_code or firm.id}", "Not a real paper."
    )


def written(*lines: str) -> bytes:
    """A page of A4 with these lines, which are plain ASCII without brackets."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 16 Tf 28 TL 60 760 Td {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(body)
    return (
        f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ).encode()
