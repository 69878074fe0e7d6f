"""Links to pages are paths from the script that runs, which in a benchmark is another one than the dashboard's."""

from unittest import mock

from data_access.settings import PROJECT


def as_from_the_dashboard() -> None:
    """From now on, in this process, links lead from where the dashboard's own script lies."""
    mock.patch("streamlit.elements.widgets.button.get_main_script_directory", return_value=str(PROJECT)).start()
