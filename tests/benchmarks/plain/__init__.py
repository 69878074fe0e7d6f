"""Scripts for `streamlit run`, which imports from their folder first: nothing here may have the name of a room."""
