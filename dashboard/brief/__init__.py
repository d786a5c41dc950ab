"""A brief on an area: PDF, HTML and DOCX with the same words, figures and maps."""
