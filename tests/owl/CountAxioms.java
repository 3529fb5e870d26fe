import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.AxiomType;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;

/** Prints for each file: logical axioms, annotation assertions, violations of OWL 2 DL, version IRI. */
public class CountAxioms {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology ontology =
                OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            System.out.println(String.join("\t",
                String.valueOf(ontology.getLogicalAxiomCount()),
                String.valueOf(ontology.getAxiomCount(AxiomType.ANNOTATION_ASSERTION)),
                String.valueOf(new OWL2DLProfile().checkOntology(ontology).getViolations().size()),
                ontology.getOntologyID().getVersionIRI().toString()));
        }
    }
}
