"""What `/` says on a server that only collects answers."""

import streamlit as st

st.title("Samtal")
st.text("Open the link you were given to answer.")
