// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/new_release_dialog.h"

#include <QFormLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::NewReleasePresenter;
using Step = NewReleasePresenter::Step;

NewReleaseDialog::NewReleaseDialog(const widgets::Theme& theme, NewReleasePresenter& presenter,
                                   QWidget* parent)
    : QDialog(parent),
      m_theme(theme),
      m_presenter(presenter),
      m_stack(new QStackedWidget(this)),
      m_hint(new QLabel(this)),
      m_back(new QPushButton(tr("Back"), this)),
      m_forward(primaryButton({}, this)) {
    setWindowTitle(tr("New release"));
    resize(620, 640);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    auto* title = new QLabel(tr("New release"), this);
    title->setFont(theme.titleFont());
    layout->addWidget(title);
    m_stack->addWidget(buildForm());
    m_stack->addWidget(buildReview());
    layout->addWidget(m_stack, 1);
    m_hint->setWordWrap(true);
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_hint);
    buildButtons();
    connectParts();
    presenter.begin();
    formEdited();
}

QWidget* NewReleaseDialog::buildForm() {
    auto* page = new QWidget(m_stack);
    auto* form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(9);
    form->setLabelAlignment(Qt::AlignLeft);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    addWhat(form, page);
    addWhere(form, page);
    addHow(form, page);
    return page;
}

void NewReleaseDialog::addWhat(QFormLayout* form, QWidget* page) {
    form->addRow(widgets::headingLabel(tr("What"), page));
    m_kind = new QComboBox(page);
    m_kind->addItems({tr("Install a version"), tr("Uninstall, keep its data"),
                      tr("Uninstall, remove its data too")});
    form->addRow(tr("Action"), m_kind);
    m_agent = new QComboBox(page);
    form->addRow(tr("Agent"), m_agent);
    m_version = new QComboBox(page);
    form->addRow(tr("Version"), m_version);
    m_types = new QWidget(page);
    auto* types = new QHBoxLayout(m_types);
    types->setContentsMargins(0, 0, 0, 0);
    types->setSpacing(14);
    types->addStretch(1);
    form->addRow(tr("Machine types"), m_types);
}

void NewReleaseDialog::addWhere(QFormLayout* form, QWidget* page) {
    form->addRow(widgets::headingLabel(tr("Where it is tried first"), page));
    m_gray = new QCheckBox(tr("Gray stage: try it on named machines, then verify"), page);
    m_gray->setChecked(true);
    form->addRow(m_gray);
    m_uuids = new QPlainTextEdit(page);
    m_uuids->setFont(m_theme.monospaceFont());
    m_uuids->setPlaceholderText(tr("uuids, one a line"));
    m_uuids->setTabChangesFocus(true);
    m_uuids->setFixedHeight(64);
    form->addRow(tr("Machines"), m_uuids);
    m_pin = new QLineEdit(page);
    form->addRow(tr("or pin"), m_pin);
    m_labels = new QLineEdit(page);
    m_labels->setPlaceholderText(tr("key=value key=value, all must match"));
    form->addRow(tr("or labels"), m_labels);
    m_grayCount = widgets::mutedLabel({}, page);
    form->addRow(QString(), m_grayCount);
}

void NewReleaseDialog::addHow(QFormLayout* form, QWidget* page) {
    form->addRow(widgets::headingLabel(tr("How"), page));
    m_soak = new QSpinBox(page);
    m_soak->setRange(0, 10'080);
    m_soak->setValue(10);
    m_soak->setSuffix(tr(" minutes before verify"));
    form->addRow(tr("Soak"), m_soak);
    m_deadline = new QSpinBox(page);
    m_deadline->setRange(1, 10'080);
    m_deadline->setValue(10);
    m_deadline->setSuffix(tr(" minutes for each machine"));
    form->addRow(tr("Deadline"), m_deadline);
    m_auto = new QCheckBox(tr("Go on by itself once soak is over and the gates pass"), page);
    form->addRow(QString(), m_auto);
    m_reason = new QLineEdit(page);
    m_reason->setPlaceholderText(tr("For the audit: a ticket, or why now"));
    form->addRow(tr("Reason"), m_reason);
    for (QComboBox* box : {m_kind, m_agent, m_version})
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    for (QSpinBox* box : {m_soak, m_deadline}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    const QList<QPair<QWidget*, QString>> names = {
        {m_kind, tr("Action")},     {m_agent, tr("Agent")},
        {m_version, tr("Version")}, {m_uuids, tr("Gray machines by uuid")},
        {m_pin, tr("Gray pin")},    {m_labels, tr("Gray labels")},
        {m_soak, tr("Soak")},       {m_deadline, tr("Deadline")},
        {m_reason, tr("Reason")}};
    for (const auto& [widget, name] : names)
        widget->setAccessibleName(name);
}

QWidget* NewReleaseDialog::buildReview() {
    auto* scroll = new QScrollArea(m_stack);
    scroll->setWidgetResizable(true);
    auto* page = new QWidget(scroll);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(widgets::headingLabel(tr("The master's plan"), page));
    m_plan = new widgets::FactList(page);
    column->addWidget(m_plan);
    m_conflicts = new QLabel(page);
    m_conflicts->setProperty("look", QLatin1String("fail"));
    m_refusals = widgets::mutedLabel({}, page);
    for (QLabel* label : {m_conflicts, m_refusals}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    column->addStretch(1);
    scroll->setWidget(page);
    return scroll;
}

void NewReleaseDialog::buildButtons() {
    auto* row = new QHBoxLayout;
    row->addWidget(m_back);
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Close"), this);
    cancel->setAutoDefault(false);
    m_back->setAutoDefault(false);
    m_forward->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(cancel);
    row->addWidget(m_forward);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
}

void NewReleaseDialog::connectParts() {
    for (QComboBox* box : {m_kind, m_agent, m_version})
        connect(box, &QComboBox::activated, this, &NewReleaseDialog::formEdited);
    for (QLineEdit* field : {m_pin, m_labels, m_reason})
        connect(field, &QLineEdit::textChanged, this, &NewReleaseDialog::formEdited);
    for (QSpinBox* field : {m_soak, m_deadline})
        connect(field, &QSpinBox::valueChanged, this, &NewReleaseDialog::formEdited);
    for (QCheckBox* box : {m_gray, m_auto})
        connect(box, &QCheckBox::toggled, this, &NewReleaseDialog::formEdited);
    connect(m_uuids, &QPlainTextEdit::textChanged, this, &NewReleaseDialog::formEdited);
    connect(m_back, &QPushButton::clicked, &m_presenter, &NewReleasePresenter::back);
    connect(m_forward, &QPushButton::clicked, this, &NewReleaseDialog::forward);
    connect(&m_presenter, &NewReleasePresenter::changed, this, &NewReleaseDialog::update);
    connect(&m_presenter, &NewReleasePresenter::started, this, &QDialog::accept);
}

QStringList NewReleaseDialog::chosenTypes() const {
    QStringList out;
    for (const QCheckBox* box : m_typeBoxes) {
        if (box->isChecked() && !box->isHidden()) out << box->text();
    }
    return out;
}

void NewReleaseDialog::formEdited() {
    if (m_filling) return;
    NewReleasePresenter::Form form;
    form.kind = static_cast<NewReleasePresenter::Kind>(m_kind->currentIndex());
    form.agent = m_agent->currentText();
    form.version = m_version->currentText();
    form.types = chosenTypes();
    form.gray = m_gray->isChecked();
    form.uuids = m_uuids->toPlainText();
    form.pin = m_pin->text();
    form.labels = m_labels->text();
    form.soakMinutes = m_soak->value();
    form.deadlineMinutes = m_deadline->value();
    form.autoVerify = m_auto->isChecked();
    form.reason = m_reason->text();
    m_presenter.setForm(form);
}

void NewReleaseDialog::refill() {
    // Filling is not editing: what was chosen stays where it still exists.
    m_filling = true;
    const auto fill = [](QComboBox* box, const QStringList& texts) {
        const QString chosen = box->currentText();
        QStringList now;
        for (int i = 0; i < box->count(); ++i)
            now << box->itemText(i);
        if (now == texts) return;
        box->clear();
        box->addItems(texts);
        box->setCurrentIndex(std::max(0, static_cast<int>(texts.indexOf(chosen))));
    };
    fill(m_agent, m_presenter.agents());
    fill(m_version, m_presenter.versions(m_agent->currentText()));
    refillTypes(m_presenter.types(m_agent->currentText(), m_version->currentText(),
                                  static_cast<NewReleasePresenter::Kind>(m_kind->currentIndex())));
    m_filling = false;
}

void NewReleaseDialog::refillTypes(const QStringList& types) {
    while (m_typeBoxes.size() < types.size()) {
        auto* box = new QCheckBox(m_types);
        box->setChecked(true);
        static_cast<QHBoxLayout*>(m_types->layout())
            ->insertWidget(static_cast<int>(m_typeBoxes.size()), box);
        connect(box, &QCheckBox::toggled, this, &NewReleaseDialog::formEdited);
        m_typeBoxes.append(box);
    }
    for (qsizetype i = 0; i < m_typeBoxes.size(); ++i) {
        m_typeBoxes[i]->setVisible(i < types.size());
        if (i < types.size()) m_typeBoxes[i]->setText(types[i]);
    }
}

void NewReleaseDialog::update() {
    const Step step = m_presenter.step();
    const auto form = m_presenter.form();
    refill();
    if (form.agent != m_agent->currentText() || form.version != m_version->currentText() ||
        form.types != chosenTypes()) {
        formEdited();
        return;
    }
    m_stack->setCurrentIndex(step == Step::Review || step == Step::Starting ? 1 : 0);
    m_version->setEnabled(form.kind == NewReleasePresenter::Kind::Install);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_uuids, m_pin, m_labels, m_soak, m_auto})
        widget->setEnabled(form.gray);
    const int gray = m_presenter.grayMachines();
    m_grayCount->setText(gray < 0    ? QString()
                         : gray == 1 ? tr("1 machine known here")
                                     : tr("%1 machines known here").arg(gray));
    m_plan->setFacts(m_presenter.planFacts());
    m_conflicts->setText(m_presenter.conflicts().join(QLatin1Char('\n')));
    m_refusals->setText(m_presenter.refusals().join(QLatin1Char('\n')));
    m_conflicts->setVisible(!m_conflicts->text().isEmpty());
    m_refusals->setVisible(!m_refusals->text().isEmpty());
    m_back->setVisible(step == Step::Review);
    const bool reviewing = step == Step::Review || step == Step::Starting;
    m_forward->setText(reviewing ? tr("Start…") : tr("Review plan"));
    const QString problem = m_presenter.problem();
    QString why = reviewing ? m_presenter.startAction().whyNot : problem;
    if (step == Step::Planning) why = tr("The master plans.");
    apply(m_forward, {why});
    const bool failed = !m_presenter.error().isEmpty();
    m_hint->setText(failed ? m_presenter.error() : why);
    widgets::setLook(m_hint, failed ? "fail" : "muted");
}

void NewReleaseDialog::forward() {
    if (m_presenter.step() == Step::Form) {
        m_presenter.plan();
        return;
    }
    widgets::DangerSheet sheet(m_theme, m_presenter.startFacts(), this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.start(sheet.reason());
}

}  // namespace ifrit::gui::pages
