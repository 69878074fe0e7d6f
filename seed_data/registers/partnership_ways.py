"""What the invented partnerships did about a challenge that they surmounted, by challenge."""

from typing import Final

WAYS: Final = {
    "time_to_meet": (
        "A day a half term was set for the whole year, and heads released staff for it.",
        "Every second meeting was held after school in a member school, with supper.",
    ),
    "time_available": (
        "The authority set aside half a day a week of its adviser for the partnership.",
        "A CPD leader took over the papers and the diary from the adviser.",
    ),
    "different_priorities": (
        "Members wrote down what each wanted and chose two aims that all shared.",
        "The aims were tied to the improvement plans of the schools.",
    ),
    "senior_support": (
        "The director's deputy chaired one meeting a term and reported to heads.",
        "Heads were shown what two schools had gained, by those schools themselves.",
    ),
    "clarity_of_roles": (
        "Roles and days were agreed in writing and put before every meeting.",
        "The link adviser and the adviser drew up a page on who does what.",
    ),
    "timely_communication": (
        "Notes went to all members within two days, with the next date at the top.",
        "One address and one calendar replaced several lists.",
    ),
    "personnel_changes": (
        "Each member named a second person, who came to every third meeting.",
        "A handover of one meeting with both advisers was agreed before the first left.",
    ),
    "keeping_focus": ("The agenda began with the one question of the year, and new ideas were kept for its end.",),
    "workload": ("The work was shared out among three schools, with cover paid for.",),
    "complexity": ("The project was cut into three steps, each with something to show.",),
    "initial_interest": (
        "Staff of schools that took part told others at a seminar.",
        "The first activity answered a need that schools had named.",
    ),
    "changing_perceptions": ("Support staff and governors were asked to the seminars.",),
    "short_timescale": ("The authority agreed to go on for a second year before the first was over.",),
}
