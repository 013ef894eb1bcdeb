"""Streamlit scripts, one per page; the only package that knows Streamlit."""
