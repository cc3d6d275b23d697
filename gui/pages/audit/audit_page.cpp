// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/audit/audit_page.h"

#include <QScrollArea>

#include <algorithm>

#include "gui/models/detail_columns.h"
#include "gui/models/selection_keeper.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/filter_line.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/splitter.h"

namespace ifrit::gui::pages {
namespace {

/// The master filters: not one call per key.
constexpr int kTypingMs = 250;
/// "2026-01-31 18:00"
constexpr int kTimeWidth = 128;

}  // namespace

AuditPage::AuditPage(const widgets::Theme& theme, presenters::AuditPresenter& presenter,
                     QWidget* parent)
    : Page(theme, parent),
      m_presenter(presenter),
      m_export(new QPushButton(this)),
      m_verify(new QPushButton(this)),
      m_actor(new QLineEdit(this)),
      m_verb(new QLineEdit(this)),
      m_object(new QLineEdit(this)),
      m_result(new QComboBox(this)),
      m_since(new QLineEdit(this)),
      m_until(new QLineEdit(this)),
      m_hint(new QLabel(this)),
      m_clear(new QPushButton(this)),
      m_verdict(new QLabel(this)),
      m_splitter(new widgets::Splitter(theme, Qt::Horizontal, this)),
      m_table(new widgets::DataTable(theme, this)),
      m_more(new QPushButton(this)),
      m_detail(new widgets::Panel(theme, this)),
      m_facts(new widgets::FactList(theme, this)) {
    build();
    connectParts();
    m_presenter.lookAway();  // until it is shown
    retranslate();
}

void AuditPage::build() {
    actions()->addWidget(m_export);
    actions()->addWidget(m_verify);
    offer({m_verify});
    auto* bar = new QHBoxLayout;
    bar->setSpacing(10);
    for (QWidget* field : {static_cast<QWidget*>(m_actor), static_cast<QWidget*>(m_verb),
                           static_cast<QWidget*>(m_object)}) {
        bar->addWidget(field, 1);
    }
    for (QLineEdit* field : {m_since, m_until}) {
        field->setMinimumWidth(kTimeWidth);
        bar->addWidget(field);
    }
    m_since->setObjectName(QStringLiteral("since"));
    m_until->setObjectName(QStringLiteral("until"));
    m_result->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    bar->addWidget(m_result);
    bar->addWidget(m_clear);
    tools()->addLayout(bar);
    m_hint->setProperty("look", QLatin1String("fail"));
    m_hint->hide();
    tools()->addWidget(m_hint);
    m_verdict->setWordWrap(true);
    body()->addWidget(m_verdict);
    auto* panel = new widgets::Panel(theme(), m_splitter);
    panel->body()->setContentsMargins(6, 6, 6, 6);
    m_table->setModel(&m_presenter.model());
    m_table->setObjectName(QStringLiteral("audit"));
    m_table->holdPast();
    // The row beside it has both.
    constexpr int kObject = 4;
    constexpr int kVia = 5;
    constexpr int kAddress = 6;
    constexpr int kReason = 7;
    constexpr int kError = 8;  // few rows have one
    // "release #871" whole: a number that is cut says another.
    m_table->keepAtLeast(kObject, 100);
    m_table->preferWhole(kReason);
    for (const int column : models::kAuditDetails)
        m_table->leaveOutAlways(column);
    m_table->leaveOut({kAddress, kVia, kError});
    m_table->fitColumns();
    panel->body()->addWidget(m_table);
    panel->body()->addWidget(m_more, 0, Qt::AlignLeft);
    m_splitter->addWidget(panel);
    auto* scroll = new QScrollArea(m_detail);
    scroll->setWidgetResizable(true);
    auto* page = new QWidget(scroll);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 4, 0);
    column->addWidget(m_facts);
    column->addStretch(1);
    scroll->setWidget(page);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    m_detail->body()->addWidget(scroll, 1);
    m_detail->setMinimumWidth(280);
    m_splitter->addWidget(m_detail);
    m_splitter->setObjectName(QStringLiteral("audit-splitter"));
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({900, 300});
    body()->addWidget(m_splitter, 1);
}

void AuditPage::connectParts() {
    using presenters::AuditPresenter;
    new models::SelectionKeeper(m_table->selectionModel(), [this](const QString& key) {
        return m_presenter.model().rowOfKey(key);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &AuditPage::update);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &AuditPage::takeFilter);
    for (QLineEdit* field : fields()) {
        connect(field, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
        connect(field, &QLineEdit::textChanged, this, &AuditPage::allowClear);
        connect(field, &QLineEdit::returnPressed, this, &AuditPage::takeFilter);
    }
    connect(m_result, &QComboBox::activated, this, &AuditPage::takeFilter);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        clearFilter();
        // The button goes off: the next key is meant for here.
        m_actor->setFocus();
    });
    connect(m_export, &QPushButton::clicked, this,
            [this] { exportTable(exportOf(*m_table), this); });
    connect(m_verify, &QPushButton::clicked, &m_presenter, &AuditPresenter::verify);
    connect(m_more, &QPushButton::clicked, &m_presenter, &AuditPresenter::more);
    connect(&m_presenter, &AuditPresenter::changed, this, &AuditPage::update);
    connect(&m_presenter, &AuditPresenter::clockChanged, this, &AuditPage::takeFilter);
    answerNotice({[this] { clearFilter(); }, {}});
}

ExportTable AuditPage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    if (&table != m_table) return out;
    out.name = tr("audit");
    if (m_presenter.hasMore())
        out.shown = [this] { return m_presenter.rows(m_presenter.filter()); };
    if (!m_presenter.filter().empty()) out.all = [this] { return m_presenter.rows({}); };
    return out;
}

void AuditPage::retranslate() {
    setTitle(viewName());
    m_export->setText(withKey(tr("Export…"), QStringLiteral("export")));
    m_verify->setText(tr("Verify chain"));
    m_clear->setText(tr("Clear"));
    m_more->setText(tr("Load more"));
    m_actor->setPlaceholderText(tr("Actor"));
    m_verb->setPlaceholderText(tr("Verb, for example release.start"));
    m_object->setPlaceholderText(tr("Object"));
    m_since->setPlaceholderText(tr("Since"));
    m_until->setPlaceholderText(tr("Until"));
    m_since->setToolTip(tr("2026-01-31 or 2026-01-31 18:00: rows from then on"));
    m_until->setToolTip(tr("2026-01-31 or 2026-01-31 18:00: rows before then; a day is included"));
    for (QLineEdit* field : fields())
        field->setAccessibleName(field->placeholderText());
    const int index = std::max(0, m_result->currentIndex());
    m_result->clear();
    m_result->addItem(tr("every result"), QString());
    m_result->addItem(tr("allowed"), QStringLiteral("allowed"));
    m_result->addItem(tr("denied"), QStringLiteral("denied"));
    m_result->addItem(tr("failed"), QStringLiteral("failed"));
    m_result->setCurrentIndex(index);
    m_result->setAccessibleName(tr("Result"));
    m_table->setAccessibleName(tr("Audit rows"));
    update();
}

void AuditPage::takeFilter() {
    m_typing.stop();
    bool ok = true;
    const auto since = timeIn(m_since, presenters::DayEdge::Begin, ok);
    const auto until = timeIn(m_until, presenters::DayEdge::End, ok);
    m_hint->setText(ok ? QString()
                       : tr("Write a time as 2026-01-31 or 2026-01-31 18:00. The table keeps the "
                            "filter of before."));
    m_hint->setVisible(!ok);
    if (!ok) return;
    m_presenter.setFilter({m_actor->text().trimmed(), m_verb->text().trimmed(),
                           m_object->text().trimmed(), m_result->currentData().toString(), since,
                           until});
}

std::optional<base::WallTime> AuditPage::timeIn(QLineEdit* field, presenters::DayEdge edge,
                                                bool& ok) {
    const QString text = field->text().trimmed();
    const auto time = text.isEmpty() ? std::nullopt : m_presenter.timeOf(text, edge);
    const bool bad = !text.isEmpty() && !time;
    ok = ok && !bad;
    field->setProperty("verdict", QLatin1String(bad ? "bad" : ""));
    widgets::setLook(field, "filter");
    return time;
}

void AuditPage::clearFilter() {
    for (QLineEdit* field : fields())
        field->clear();
    m_result->setCurrentIndex(0);
    takeFilter();
}

bool AuditPage::filters() const {
    // A time that cannot be read is in no filter.
    const QList<QLineEdit*> typed = fields();
    return !m_presenter.filter().empty() ||
           std::any_of(typed.begin(), typed.end(),
                       [](const QLineEdit* field) { return !field->text().isEmpty(); });
}

void AuditPage::allowClear() {
    widgets::FilterLine::allowClear(*m_clear, filters());
}

void AuditPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_presenter.look();
}

void AuditPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_presenter.lookAway();
}

void AuditPage::update() {
    show(m_presenter.notice());
    setFacts(m_presenter.countLine());
    m_more->setVisible(m_presenter.hasMore());
    // Something to read from the start; what is chosen later stays as it is.
    if (!m_chosenOnce && m_presenter.model().rowCount() > 0) {
        m_chosenOnce = true;
        m_table->selectRow(0);
    }
    m_verdict->setText(m_presenter.verifyText());
    m_verdict->setVisible(!m_presenter.verifyText().isEmpty());
    const models::StatusKind kind = m_presenter.verifyKind();
    widgets::setLook(m_verdict, kind == models::StatusKind::Ok     ? "ok"
                                : kind == models::StatusKind::Fail ? "fail"
                                                                   : "muted");
    apply(m_verify, m_presenter.verifyAction());
    allowClear();
    const int row = m_table->currentIndex().row();
    m_detail->setHeading(row < 0 ? tr("No row chosen") : tr("Chosen row"));
    m_facts->setFacts(m_presenter.factsOf(row));
}

bool AuditPage::escape() {
    if (filters()) {
        clearFilter();
        return true;
    }
    if (!m_table->currentIndex().isValid()) return false;
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    update();
    return true;
}

}  // namespace ifrit::gui::pages
