"""A meeting on the big screen: one HTML page that holds every slide and goes on without a network.

drawing   a figure's chart as SVG at a slide's size
views     the slides of one pinned view, and what is said beside its chart
told      since the last meeting and the plan, in sentences
content   what the slides of a meeting say: cover, agenda, since the last meeting, views, the plan, what was noted
page      all of it as HTML; deck.css and deck.js stand in it
noting    what is typed in the room goes into the minutes
answers   the addresses below /present
"""
