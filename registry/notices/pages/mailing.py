"""Whether a person is written to, and where; a letter to see that it arrives."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db, queue
from registry.notices.forms import Mailing
from registry.notices.services import letters, mailing
from registry.site.access import actor, requires
from registry.site.locale import sentence

pages = Blueprint("mailing", __name__)


@pages.route("/account/mail", methods=["GET", "POST"])
@requires("inbox")
def choice() -> ResponseReturnValue:
    user = current_user.user
    form = Mailing(data={"email": user.email, "wanted": user.mail_wanted})
    if form.validate_on_submit():
        try:
            mailing.choose(actor(), user, email=form.email.data or "", wanted=bool(form.wanted.data), at=clock.now())
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            flash(_("已保存邮件提醒的设置。"), "success")
            return redirect(url_for("mailing.choice"))
    page = render_template("notices/mail.html", form=form, is_on=letters.is_on(), last=mailing.last_letter(user))
    return page, 422 if form.errors or form.form_errors else 200


@pages.post("/account/mail/test")
@requires("inbox")
def test() -> ResponseReturnValue:
    try:
        mailing.test(current_user.user, at=clock.now())
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
    else:
        db.session.commit()
        queue.enqueue("send_letters")
        flash(_("测试邮件已交给后台发送，请稍后查收；结果见下方。"), "success")
    return redirect(url_for("mailing.choice"))
