"""The respondent's chat."""

import streamlit as st

st.text("The chat is being built.")
