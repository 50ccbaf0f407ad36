"""What `mydata` sends explains every field it holds."""

from dataclasses import fields

from bot.state import Person, Profile
from content.library import load


def test_every_field_about_a_person_is_explained():
    explained = load().data_fields
    wanted = {f"person.{one.name}" for one in fields(Person) if one.name != "profile"}
    wanted |= {f"person.profile.{one.name}" for one in fields(Profile)}
    assert wanted <= set(explained), wanted - set(explained)
