"""The words of partnership work: each code of the register and what people call it.

After the evaluation of the CPD partnership projects (NFER, 2005), the London regional CPD article (2006), the article
on partnered CPD, and the school-university model (Littlefair); restated.
"""

from typing import Final

KINDS: Final = {
    "la_partnership_project": "LA partnership project",
    "cpd_leader_network": "Network of CPD leaders",
    "training_school_network": "Network of training schools",
    "cpd_adviser_forum": "Forum of CPD advisers",
    "subject_network": "Subject network",
    "cpd_partners_forum": "Forum of CPD partners",
    "ast_network": "Network of advanced skills teachers",
    "school_cluster": "Cluster of schools",
    "multi_agency_cluster": "Multi-agency cluster",
    "federation": "Federation",
    "higher_education_programme": "Programme with a university",
    "regional_consortium": "Regional consortium",
    "online_community": "Online community",
}
# What the strategy's indicators call a cluster, and a network of CPD leaders.
CLUSTERS: Final = ("school_cluster", "multi_agency_cluster")
LEADER_NETWORKS: Final = ("cpd_leader_network",)
STATES: Final = {"going": "Going on", "ended": "Ended"}
# Several may apply to one partnership; the first four are what the evaluation counted as working groups.
WORKING_MODELS: Final = {
    "working_group_mixed_staff": "Working group of mixed staff",
    "working_group_headteachers_and_cpd_leaders": "Working group of headteachers and CPD leaders",
    "working_group_subgroups": "Working group with subgroups",
    "multi_agency_working_group": "Multi-agency working group",
    "seminar_or_conference": "Seminars or conferences",
    "work_with_individual_schools": "Work with individual schools",
    "one_to_one_with_la_adviser": "One to one with the LA adviser",
}
WORKING_GROUPS: Final = frozenset(list(WORKING_MODELS)[:4])
FOCI: Final = {
    "la_vision_and_strategy": "LA vision and strategy",
    "la_cpd_adviser_role": "Role of the LA's CPD adviser",
    "reshaped_cpd_offer": "A reshaped CPD offer",
    "culture_change_in_schools": "Change of culture in schools",
    "staff_ownership_of_needs": "Staff own their needs",
    "school_cpd_leader_role": "Role of the school's CPD leader",
    "link_improvement_review_cpd": "Improvement, review and CPD linked",
    "needs_identification": "Identifying needs",
    "la_school_communication": "Communication of LA and schools",
    "cross_school_links": "Links between schools",
    "impact_evaluation": "Evaluating impact",
    "children_services_agenda": "Children's services",
}
STRATEGIC_OUTPUTS: Final = {
    "statement_of_intent": "Statement of intent",
    "cpd_strategy": "CPD strategy",
    "la_adviser_action_plan": "Action plan of the LA adviser",
}
OPERATIONAL_OUTPUTS: Final = {
    "opportunities_framework": "Framework of opportunities",
    "good_practice_directory": "Directory of good practice",
    "cpd_leader_handbook": "Handbook for CPD leaders",
    "multi_agency_directory": "Directory of other services",
    "impact_evaluation_tools": "Tools to evaluate impact",
    "needs_change_models": "Models of needs and change",
    "cpd_portfolios": "CPD portfolios",
}
OUTPUTS: Final = STRATEGIC_OUTPUTS | OPERATIONAL_OUTPUTS
ADVISER_ROLES: Final = {
    "critical_friend": "Critical friend",
    "relationship_broker": "Broker of relationships",
    "creator_of_structures": "Creator of structures",
    "provider_of_focus": "Provider of focus",
    "outside_expertise": "Outside expertise",
    "facilitator": "Facilitator",
}
MEMBER_KINDS: Final = {
    "school": "School",
    "la": "Local authority",
    "university": "University",
    "service": "Other service",
    "national_body": "National body",
}
LEAD: Final = "lead"
LINK: Final = "link_adviser"
ROLES: Final = {LEAD: "Lead", "partner": "Partner", LINK: "Link adviser", "host": "Host", "funder": "Funder"}
ACTIVITY_KINDS: Final = {
    "meeting": "Meeting",
    "seminar": "Seminar or conference",
    "visit": "Visit to a school",
    "training": "Training",
    "online": "Online",
}
# Activities that are PD for those who come; a meeting arranges it.
SHARED_PD: Final = ("seminar", "visit", "training", "online")
STAFF_REACHED: Final = {"teachers": "Teachers", "support_staff": "Support staff"}
FRAMEWORK: Final = {"yes": "Within it", "no": "Not within it"}
# What somebody says that the register holds all of, for an authority and a school year.
HELD_WHOLE: Final = {
    "clusters": "All clusters, with their members, activities and staff reached",
    "networks": "All networks of CPD leaders, with their engagement",
}
SUSTAINABILITY_PLANS: Final = {"firm": "Firm plans", "wish": "A wish", "none": "None"}
SUSTAINABILITY_FACTORS: Final = {
    "funding": "Funding",
    "time": "Time",
    "consolidation_time": "Time to consolidate",
    "external_support": "Support from outside",
    "shared_vision": "Shared vision",
    "dissemination": "Dissemination",
    "changed_thinking": "Changed thinking",
    "models_and_frameworks": "Models and frameworks",
    "joined_up_working": "Joined-up working",
}

# Impacts and challenges: level → code → words; the register writes them as 'level.code'.
LEVELS: Final = {"la": "LA", "adviser": "Adviser", "schools": "Schools", "pupils": "Pupils", "beyond": "Beyond"}
IMPACTS_BY_LEVEL: Final = {
    "la": {
        "coherent_approach": "Coherent approach",
        "higher_priority": "Higher priority of CPD",
        "wider_perspective": "Wider perspective",
        "la_school_relationships": "Relationships with schools",
        "enhanced_offer": "Better offer",
    },
    "adviser": {
        "knowledge_and_skills": "Knowledge and skills",
        "national_picture": "National picture",
        "communication_skills": "Communication skills",
    },
    "schools": {
        "knowledge_and_skills": "Knowledge and skills",
        "links_with_la": "Links with the LA",
        "links_with_schools": "Links with other schools",
        "enjoyment": "Enjoyment",
        "reflection_on_cpd": "Reflection on CPD",
        "career_pathways": "Career pathways",
        "awareness_of_options": "Awareness of options",
        "identifying_needs": "Identifying needs",
        "practice_applied": "Practice applied",
    },
    "pupils": {"too_soon": "Too soon to say", "indications": "First indications", "measured": "Measured"},
    "beyond": {"shared_regionally": "Shared in the region"},
}
IMPACTS: Final = {
    f"{level}.{code}": f"{LEVELS[level]}: {words[:1].lower()}{words[1:]}"
    for level, each in IMPACTS_BY_LEVEL.items()
    for code, words in each.items()
}
IMPACT_RATINGS: Final = {"none": "None", "emerging": "Emerging", "clear": "Clear"}
CHALLENGES: Final = {
    "time_to_meet": "Time to meet",
    "time_available": "Time available to the adviser",
    "different_priorities": "Different priorities",
    "senior_support": "Support of senior colleagues",
    "clarity_of_roles": "Clarity of roles",
    "timely_communication": "Timely communication",
    "personnel_changes": "Changes of personnel",
    "keeping_focus": "Keeping focus",
    "workload": "Workload",
    "complexity": "Complexity",
    "initial_interest": "Initial interest",
    "changing_perceptions": "Changing perceptions",
    "short_timescale": "Short timescale",
}
CHALLENGE_STATES: Final = {"open": "Open", "being_worked_on": "Being worked on", "surmounted": "Surmounted"}
# The steps through which a network takes its members: the share at each is its reach.
LADDER: Final = {
    "know": "Know of it",
    "reason_to_use": "Have a reason to use it",
    "collaborate": "Collaborate",
    "learn": "Learn",
    "contribute": "Contribute",
}

# The health check: two sets of items, each answered yes, in progress or no, with a note.
CHECKS_BY_SET: Final = {
    "Purposes": {
        "recognises_all_staff_cpd": "CPD of all staff is recognised",
        "school_led_provision": "Provision is led by schools",
        "shows_quality_value_and_impact": "Quality, value and impact are shown",
        "gives_meaning_to_improvement": "Improvement gets a meaning",
        "fair_and_inclusive": "It is fair and inclusive",
        "discovers_professional_knowledge": "Professional knowledge is discovered",
        "develops_new_professionals": "New professionals are developed",
    },
    "Set-up": {
        "clear_structure_and_roles": "Structure and roles are clear",
        "memorandum_of_understanding": "A memorandum of understanding is agreed",
        "code_of_practice": "A code of practice is agreed",
        "links_with_other_bodies": "There are links with other bodies",
        "harmonised_cpd_policies": "Members' CPD policies fit together",
        "shared_self_evaluation": "Self-evaluation is shared",
        "budget_agreed": "A budget is agreed",
        "impact_evaluation_planned": "An evaluation of impact is planned",
        "inclusive_membership": "Membership is open to all",
        "no_plan_approval_imposed": "No approval of plans is imposed",
    },
}
CHECKS: Final = {code: words for each in CHECKS_BY_SET.values() for code, words in each.items()}
ANSWERS: Final = {"yes": "Yes", "in_progress": "In progress", "no": "No"}
ANSWER_SYMBOLS: Final = {"yes": "●", "in_progress": "◐", "no": "○", "": "–"}

# Programmes that a university and its partners build and give together (Littlefair).
PROGRAMME_KINDS: Final = ("higher_education_programme", "regional_consortium")  # of partnerships that have such
AWARDS: Final = {
    "masters": "Master's degree",
    "postgraduate_certificate": "Postgraduate certificate",
    "leadership_programme": "Leadership programme",
}
PLACES: Final = {
    "partner": "At a partner's school or centre",
    "university": "At the university",
    "both": "At both",
}
PATTERNS: Final = {"twilight": "Twilight sessions", "blocks": "Blocks of days"}
PAYERS: Final = {
    "school": "The school",
    "authority": "The local authority",
    "government": "The government",
    "teacher": "The teacher",
    "shared": "School and teacher together",
}
PUBLIC: Final = frozenset({"school", "authority", "government"})  # payers whose money is public
IMPACT_THEMES: Final = {
    "location": "Where it takes place",
    "programme_design": "How it is designed",
    "groupings": "Learning in groups",
    "voluntarism": "Of their own will",
    "pupil_orientation": "Aimed at pupils",
    "other_benefits": "Other benefits",
}
