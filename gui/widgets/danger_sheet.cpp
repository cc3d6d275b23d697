// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/danger_sheet.h"

#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/widgets/command_target.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/list_keys.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"
#include "gui/widgets/wrapped_label.h"

namespace ifrit::gui::widgets {

DangerSheet::DangerSheet(const Theme& theme, const DangerFacts& facts, QWidget* parent)
    : QDialog(parent),
      m_facts(facts),
      m_first(facts),
      m_title(new QLabel(this)),
      m_sentence(mutedLabel({}, this)),
      m_factsPlace(new QVBoxLayout) {
    setMinimumWidth(520);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    m_title->setFont(theme.titleFont());
    m_title->setWordWrap(true);
    layout->addWidget(m_title);
    m_sentence->setWordWrap(true);
    layout->addWidget(m_sentence);
    layout->addLayout(m_factsPlace);
    addReason();
    if (isWide()) addTypedNumber();
    if (m_facts.password == DangerFacts::Password::Required) addPassword();
    addButtons();
    showFacts(facts);
    if (m_reason != nullptr) m_reason->setFocus();
}

std::optional<models::Consent> DangerSheet::ask(const Theme& theme, const DangerFacts& facts,
                                                QWidget* parent,
                                                const std::function<void(DangerSheet&)>& prepare) {
    DangerSheet sheet(theme, facts, parent);
    if (prepare) prepare(sheet);
    if (sheet.exec() != QDialog::Accepted) return std::nullopt;
    return sheet.consent();
}

void DangerSheet::setWhyNot(const QString& whyNot) {
    if (whyNot == m_whyNot) return;
    m_whyNot = whyNot;
    m_over->setText(whyNot.isEmpty() ? QString() : tr("It cannot be done now: %1").arg(whyNot));
    m_over->setVisible(!whyNot.isEmpty());
    judge();
    if (!isVisible()) return;
    adjustSize();
    // Whoever does not see it is told, too.
    QAccessibleEvent said(m_over, QAccessible::Alert);
    QAccessible::updateAccessibility(&said);
}

QString DangerSheet::gone() {
    return tr("It is not there any more.");
}

void DangerSheet::offer(const QString& text, const QString& whyNot, const DangerFacts& more) {
    m_first = m_facts;
    m_offer = new QCheckBox(text, this);
    m_offer->setEnabled(whyNot.isEmpty());
    m_offer->setToolTip(whyNot);
    m_offer->setAccessibleDescription(whyNot);
    m_factsPlace->addWidget(m_offer);
    if (!whyNot.isEmpty()) {
        auto* why = mutedLabel(whyNot, this);
        why->setWordWrap(true);
        m_factsPlace->addWidget(why);
    }
    if (m_reason != nullptr) setTabOrder(m_offer, m_reason);
    connect(m_offer, &QCheckBox::toggled, this,
            [this, more](bool ticked) { showFacts(ticked ? more : m_first); });
}

bool DangerSheet::doesMore() const {
    return m_offer != nullptr && m_offer->isChecked();
}

bool DangerSheet::isWide() const {
    return m_facts.danger >= DangerClass::Wide;
}

bool DangerSheet::wantsReason() const {
    return isWide() || m_facts.reason == DangerFacts::Reason::Required;
}

QString DangerSheet::reason() const {
    return m_reason == nullptr ? QString() : m_reason->toPlainText().trimmed();
}

models::Consent DangerSheet::consent() const {
    return {reason(), m_password == nullptr ? QString() : m_password->text()};
}

void DangerSheet::addReason() {
    if (!wantsReason() && m_facts.reason == DangerFacts::Reason::None) return;
    layout()->addWidget(new QLabel(wantsReason() ? tr("Reason (required)") : tr("Reason"), this));
    m_reason = new QPlainTextEdit(this);
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setPlaceholderText(tr("For the audit: a ticket, or why now"));
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(58);
    layout()->addWidget(m_reason);
    connect(m_reason, &QPlainTextEdit::textChanged, this, &DangerSheet::judge);
}

void DangerSheet::showFacts(const DangerFacts& facts) {
    // A number that was typed was of another question.
    if (m_number != nullptr && facts.machines != m_facts.machines) m_number->clear();
    m_facts = facts;
    setWindowTitle(facts.title);
    m_title->setText(facts.title);
    m_sentence->setText(facts.sentence);
    fillFacts();
    if (m_prompt != nullptr) m_prompt->setText(numberPrompt());
    if (m_number != nullptr) m_number->setAccessibleName(numberPrompt());
    m_accept->setText(facts.verb);
    judge();
    // As high as what is asked now needs, however short it was before.
    if (isVisible()) adjustSize();
}

void DangerSheet::fillFacts() {
    delete m_factsBox;
    m_factsBox = new QWidget(this);
    auto* grid = new QGridLayout(m_factsBox);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(1, 1);
    int row = 0;
    QStringList clusters;
    bool production = false;
    for (const models::ClusterPlace& place : m_facts.clusters) {
        clusters << place.text();
        production = production || place.isProduction();
    }
    const QList<QPair<QString, QString>> where = {
        {clusters.size() > 1 ? tr("Clusters") : tr("Cluster"),
         clusters.join(QStringLiteral(", "))}};
    for (const auto& [label, value] : where + m_facts.facts) {
        auto* text = new WrappedLabel(value, m_factsBox);
        if (row == 0 && production) text->setProperty("look", QLatin1String("production"));
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(mutedLabel(label, m_factsBox), row, 0, Qt::AlignTop);
        grid->addWidget(text, row++, 1);
    }
    m_factsPlace->insertWidget(0, m_factsBox);
}

QString DangerSheet::numberPrompt() const {
    return m_facts.countPrompt.isEmpty()
               ? tr("Type the number of machines, %1, to go on").arg(grouped(m_facts.machines))
               : m_facts.countPrompt;
}

void DangerSheet::addTypedNumber() {
    auto* box = static_cast<QVBoxLayout*>(layout());
    m_prompt = new QLabel(this);
    box->addWidget(m_prompt);
    m_number = new QLineEdit(this);
    m_number->setFont(QFont(m_number->font()));
    m_number->setMaxLength(12);
    box->addWidget(m_number);
    connect(m_number, &QLineEdit::textChanged, this, &DangerSheet::judge);
}

void DangerSheet::addPassword() {
    const QString label = tr("Your password, since you signed in with one");
    layout()->addWidget(new QLabel(label, this));
    m_password = new QLineEdit(this);
    m_password->setObjectName(QStringLiteral("password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setMaxLength(1024);
    m_password->setAccessibleName(label);
    layout()->addWidget(m_password);
    connect(m_password, &QLineEdit::textChanged, this, &DangerSheet::judge);
}

void DangerSheet::addButtons() {
    auto* box = static_cast<QVBoxLayout*>(layout());
    m_over = new WrappedLabel(this);
    m_over->setObjectName(QStringLiteral("over"));
    m_over->setWordWrap(true);
    m_over->setProperty("look", QLatin1String("fail"));
    m_over->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_over->hide();
    box->addWidget(m_over);
    m_hint = mutedLabel({}, this);
    box->addWidget(m_hint);
    auto* row = new QHBoxLayout;
    if (!m_facts.commands.isEmpty()) {
        m_copy = new QPushButton(tr("Copy as ifritctl command"), this);
        m_copy->setAutoDefault(false);
        connect(m_copy, &QPushButton::clicked, this, [this] {
            QGuiApplication::clipboard()->setText(
                CommandTarget::textOf(*this, m_facts.commands, reason()));
        });
        row->addWidget(m_copy);
    }
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    m_accept = new QPushButton(this);
    // Enter never does it: the default button is Cancel.
    m_accept->setAutoDefault(false);
    m_accept->setProperty("look", QLatin1String(isWide() ? "danger" : "primary"));
    connect(m_accept, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(cancel);
    row->addWidget(m_accept);
    box->addLayout(row);
}

// A dialog would press its default button, Cancel, in place of the one that has the keyboard: what
// was typed is not thrown away by a key that was meant for a yes.
void DangerSheet::keyPressEvent(QKeyEvent* event) {
    const auto* button = qobject_cast<QPushButton*>(focusWidget());
    if (isEnter(*event) && button != nullptr && !button->isDefault()) return event->accept();
    QDialog::keyPressEvent(event);
}

void DangerSheet::judge() {
    QString missing;
    if (wantsReason() && reason().isEmpty()) missing = tr("A reason is required.");
    if (reason().toUtf8().size() > 1024) missing = tr("The reason is longer than 1024 bytes.");
    if (m_copy != nullptr) {
        // ifritctl wants the reason too: a command without it would only be refused.
        m_copy->setEnabled(missing.isEmpty());
        m_copy->setToolTip(missing);
    }
    if (m_number != nullptr && !models::isTyped(m_number->text(), m_facts.machines)) {
        const QString number = tr("The number does not match.");
        if (missing.isEmpty()) {
            missing = number;
        } else if (!m_number->text().isEmpty()) {
            missing += QLatin1Char(' ') + number;
        }
    }
    if (missing.isEmpty() && m_password != nullptr && m_password->text().isEmpty())
        missing = tr("Your password is missing.");
    const QString why = m_whyNot.isEmpty() ? missing : m_over->text();
    m_accept->setEnabled(why.isEmpty());
    m_accept->setToolTip(why);
    // What is still to be typed is no matter then.
    m_hint->setText(missing);
    m_hint->setVisible(m_whyNot.isEmpty());
}

}  // namespace ifrit::gui::widgets
