// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/danger_sheet.h"

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
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

DangerSheet::DangerSheet(const Theme& theme, const DangerFacts& facts, QWidget* parent)
    : QDialog(parent), m_facts(facts) {
    setWindowTitle(facts.title);
    setMinimumWidth(520);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    auto* title = new QLabel(facts.title, this);
    title->setFont(theme.titleFont());
    title->setWordWrap(true);
    layout->addWidget(title);
    auto* sentence = mutedLabel(facts.sentence, this);
    sentence->setWordWrap(true);
    layout->addWidget(sentence);
    addFacts(facts);
    addReason();
    if (isWide()) addTypedNumber(facts);
    addButtons(facts);
    judge();
    if (m_reason != nullptr) m_reason->setFocus();
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

void DangerSheet::addFacts(const DangerFacts& facts) {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto& [label, value] : facts.facts) {
        auto* text = new QLabel(value, this);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(mutedLabel(label, this), row, 0, Qt::AlignTop);
        grid->addWidget(text, row++, 1);
    }
    static_cast<QVBoxLayout*>(layout())->addLayout(grid);
}

void DangerSheet::addTypedNumber(const DangerFacts& facts) {
    auto* box = static_cast<QVBoxLayout*>(layout());
    const QString prompt =
        facts.countPrompt.isEmpty()
            ? tr("Type the number of machines, %1, to go on").arg(grouped(facts.machines))
            : facts.countPrompt;
    box->addWidget(new QLabel(prompt, this));
    m_number = new QLineEdit(this);
    m_number->setAccessibleName(prompt);
    m_number->setFont(QFont(m_number->font()));
    m_number->setMaxLength(12);
    box->addWidget(m_number);
    connect(m_number, &QLineEdit::textChanged, this, &DangerSheet::judge);
}

void DangerSheet::addButtons(const DangerFacts& facts) {
    auto* box = static_cast<QVBoxLayout*>(layout());
    m_hint = mutedLabel({}, this);
    box->addWidget(m_hint);
    auto* row = new QHBoxLayout;
    if (!facts.commands.isEmpty()) {
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
    m_accept = new QPushButton(facts.verb, this);
    // Enter never does it: the default button is Cancel.
    m_accept->setAutoDefault(false);
    m_accept->setProperty("look", QLatin1String(isWide() ? "danger" : "primary"));
    connect(m_accept, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(cancel);
    row->addWidget(m_accept);
    box->addLayout(row);
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
    if (m_number != nullptr && m_number->text().trimmed() != QString::number(m_facts.machines)) {
        missing = missing.isEmpty() ? tr("The number does not match.") : missing;
    }
    m_accept->setEnabled(missing.isEmpty());
    m_accept->setToolTip(missing);
    m_hint->setText(missing);
}

}  // namespace ifrit::gui::widgets
