"""The smallest PDF that shows some lines of text."""

A4 = "/MediaBox [0 0 595 842]"


def text_pdf(lines: list[str]) -> bytes:
    """One A4 page in Helvetica; characters that it lacks become question marks."""
    shown = (line.encode("latin-1", "replace").decode("latin-1") for line in lines)
    escaped = (line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in shown)
    text = "BT /F1 12 Tf 60 780 Td 18 TL " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {A4} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text.encode('latin-1'))} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    document, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(document))
        document += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(document)}\n%%EOF\n"
    return document + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()
