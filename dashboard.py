"""The front door: page config, shared filters, navigation, and the ASGI app that serves them.

Imported (uvicorn dashboard:app, streamlit run dashboard.py) it is the app; run by Streamlit, once a rerun, it is
the page.
"""

import gc

# Imports make no garbage, and looking for it takes a third of a start; the lifespan turns the collector on again.
if __name__ != "__main__":
    gc.disable()

import streamlit as st

if __name__ != "__main__":
    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    from exports.http import SecurityHeaders, routes
    from exports.service import logs, metrics
    from exports.service.limits import Limits
    from exports.service.watched import Watched
    from pages.parts.navigation import ADDRESSES
    from pages.parts.serving import broken, lifespan, one_log, upload_limit
    from pages.parts.sign_in import SignedIn, secrets
    from pages.parts.watched import open_sessions

    logs.begin()
    one_log()
    metrics.sessions_are_counted_by(open_sessions)
    # Page files are reached through this door only, on a cold start, too.
    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__,
        routes=routes(ADDRESSES),
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Watched),
            Middleware(Limits, upload=upload_limit()),
            Middleware(SignedIn, pages=ADDRESSES),
        ],
        secrets=secrets(),
        lifespan=lifespan,
        on_script_error=broken,
    )
else:
    from data_access.errors import DataAccessError
    from data_access.once import a_run
    from pages.parts import bundle, chart_menu, filters, frame, pin, signed, watched, whence
    from pages.parts.navigation import pages

    st.set_page_config(page_title="CPD strategy dashboard", page_icon=frame.ICON, layout="wide")
    try:
        with a_run():
            here = signed.gate()
            page = st.navigation(pages(), expanded=True, position="sidebar" if here else "hidden")
            if here:
                filters.sidebar()
                whence.arrive()
                frame.top()
                with signed.to_its_end(here), watched.redraw(page.url_path):
                    page.run()
                chart_menu.dialog(page.url_path)
                pin.dialog(page.url_path)
                bundle.dialog(page.url_path)
                whence.dialog(page.url_path)
    except DataAccessError as error:
        frame.refuse(error)
